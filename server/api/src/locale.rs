//! Errors for people, in the two languages they are written in.

use tonic::metadata::MetadataMap;
use umpire_proto::v1::ErrorReason as Reason;

/// The language of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Locale {
    English,
    Chinese,
}

impl Locale {
    /// The first language of `accept-language` that is known; English otherwise.
    pub fn of(metadata: &MetadataMap) -> Self {
        let accepted = metadata.get("accept-language").and_then(|value| value.to_str().ok());
        accepted.map_or(Self::English, Self::from_header)
    }

    /// As [`Locale::of`], from a header's value.
    pub fn from_header(accepted: &str) -> Self {
        let mut tags = accepted.split(',').map(|tag| tag.trim().to_ascii_lowercase());
        let known = tags.find(|tag| tag.starts_with("zh") || tag.starts_with("en"));
        if known.is_some_and(|tag| tag.starts_with("zh")) { Self::Chinese } else { Self::English }
    }

    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// What went wrong, in one sentence.
    pub fn explain(self, reason: Reason) -> &'static str {
        let (english, chinese) = sentences(reason);
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }
}

fn sentences(reason: Reason) -> (&'static str, &'static str) {
    match reason {
        Reason::Unspecified => ("Something went wrong.", "发生错误。"),
        Reason::InvalidField => ("A field is missing or malformed.", "字段缺失或格式不正确。"),
        Reason::Undecodable => ("The request cannot be decoded.", "请求无法解码。"),
        Reason::TooLarge => ("Something is over a size limit.", "超出大小限制。"),
        Reason::EmptyMessage => ("The message has nothing to check.", "消息没有可检测的内容。"),
        Reason::MessageIdReused => {
            ("The message id was used for other content.", "该消息 ID 已用于其他内容。")
        }
        Reason::RequestIdReused => {
            ("The request id was used for another request.", "该请求 ID 已用于其他请求。")
        }
        Reason::InvalidRegex => ("The regular expression cannot be used.", "正则表达式不可用。"),
        Reason::InvalidFilter => ("The filter cannot be understood.", "筛选条件无法解析。"),
        Reason::InvalidPageToken => {
            ("The page token does not belong to this query.", "分页令牌不属于该查询。")
        }
        Reason::EtagMismatch => {
            ("Somebody else changed it; read it again.", "内容已被他人修改，请重新读取。")
        }
        Reason::NotFound => ("There is no such thing.", "未找到该资源。"),
        Reason::AlreadyExists => ("It exists already.", "该资源已存在。"),
        Reason::Unauthenticated => ("A valid API key is needed.", "需要有效的 API 密钥。"),
        Reason::RoleForbidden => ("Your role does not allow this.", "您的角色无权执行此操作。"),
        Reason::TenantForbidden => ("This belongs to another tenant.", "该资源属于其他租户。"),
        Reason::Unsupported => ("This version cannot do that yet.", "当前版本尚不支持该功能。"),
        Reason::InUse => ("Something else needs it.", "仍被其他资源使用。"),
        Reason::TestsFailed => ("Test cases of the policy would fail.", "策略的测试用例未通过。"),
        Reason::InvalidResumeToken => {
            ("The resume token does not belong to this stream.", "续传令牌不属于该数据流。")
        }
        Reason::ResumeTokenExpired => {
            ("Events after the resume token are forgotten.", "续传令牌之后的事件已被清除。")
        }
        Reason::SanctionOver => {
            ("The sanction is over, or in another state.", "该处罚已结束，或状态不允许此操作。")
        }
        Reason::WrongEnforcerKind => ("The enforcer is of another kind.", "执行端的类型不符。"),
        Reason::AlertOver => ("The alert is resolved.", "该告警已解决。"),
        Reason::DeliveryNotDead => {
            ("The delivery is on its way, or arrived.", "该通知正在投递或已送达。")
        }
        Reason::Overloaded => ("Too busy; try again shortly.", "服务繁忙，请稍后重试。"),
        Reason::StoreUnavailable => {
            ("The store is away; try again shortly.", "存储暂不可用，请稍后重试。")
        }
        Reason::ShuttingDown => ("The server is being stopped.", "服务正在停止。"),
        Reason::LimitReached => ("A limit is reached.", "已达到数量上限。"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_language_counts() {
        for (header, locale) in [
            ("zh-CN,en;q=0.5", Locale::Chinese),
            ("fr, zh", Locale::Chinese),
            ("en-GB, zh", Locale::English),
            ("fr", Locale::English),
            ("", Locale::English),
        ] {
            assert_eq!(Locale::from_header(header), locale, "{header}");
        }
    }
}
