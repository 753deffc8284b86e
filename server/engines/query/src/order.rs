/// Which way a list runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Direction {
    Ascending,
    Descending,
}

/// The field a list is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order<F> {
    /// What is compared.
    pub field: F,
    /// Which way.
    pub direction: Direction,
}

/// `order_by` cannot be honoured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected one of {expected}, each with an optional `desc`")]
pub struct OrderError {
    expected: String,
}

/// Parses `field` or `field desc`; `None` when empty.
///
/// # Errors
/// [`OrderError`] when the field is not one of `fields`.
pub fn parse_order<F: Copy>(
    text: &str,
    fields: &[(&'static str, F)],
) -> Result<Option<Order<F>>, OrderError> {
    let mut words = text.split_whitespace();
    let Some(name) = words.next() else { return Ok(None) };
    let direction = match (words.next(), words.next()) {
        (None | Some("asc"), None) => Some(Direction::Ascending),
        (Some("desc"), None) => Some(Direction::Descending),
        _ => None,
    };
    let field = fields.iter().find(|(known, _)| *known == name).map(|&(_, field)| field);
    match (field, direction) {
        (Some(field), Some(direction)) => Ok(Some(Order { field, direction })),
        _ => {
            let names: Vec<_> = fields.iter().map(|(name, _)| *name).collect();
            Err(OrderError { expected: names.join(", ") })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders() {
        let fields = [("id", 1), ("level", 2)];
        let parse = |text| parse_order(text, &fields);
        assert_eq!(parse(" "), Ok(None));
        let expected = Order { field: 2, direction: Direction::Descending };
        assert_eq!(parse("level desc"), Ok(Some(expected)));
        for bad in ["name", "id up", "id desc desc"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
