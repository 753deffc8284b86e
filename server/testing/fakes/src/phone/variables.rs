//! What may stand in the variables of a template.

/// Longest value, in characters.
const MAX: usize = 35;

/// Why a value is not taken, as Aliyun names it; `None` when it is.
pub(super) fn fault(value: &str) -> Option<&'static str> {
    let link = value.contains("://") || value.to_lowercase().contains("www.");
    let checks = [
        (value.is_empty(), "isv.TEMPLATE_PARAMS_ILLEGAL"),
        (value.chars().count() > MAX, "isv.PARAM_LENGTH_LIMIT"),
        (link, "isv.PARAM_NOT_SUPPORT_URL"),
        (value.contains(['\n', '\r', '【', '】']), "isv.TEMPLATE_PARAMS_ILLEGAL"),
    ];
    checks.into_iter().find(|(wrong, _)| *wrong).map(|(_, code)| code)
}
