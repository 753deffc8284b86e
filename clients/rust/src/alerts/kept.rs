//! How the requests of what a tenant keeps are sent.

/// Says how one kind is created, changed, deleted and listed, in which collection its
/// names are, and under which fields it stands.
macro_rules! kept {
    (
        $kind:ident in $collection:ident, $field:ident of $fields:ident;
        $create:ident($created:ident), $update:ident($updated:ident),
        $delete:ident($deleted:ident), $list:ident($listed:ident)
    ) => {
        $crate::listing::paged!(raw_alerts.$list($listed) -> $fields: $kind, 200 at once);
        $crate::listing::lists_with!(Filtered, filter: String; $listed);

        $crate::mutation::mutation!(
            raw_alerts.$create($created) -> $kind,
            |answer| answer.$field
        );
        $crate::mutation::mutation!(
            raw_alerts.$update($updated) -> $kind,
            |answer| answer.$field,
            |request| request.$field.as_mut().map(|kept| (&mut kept.name, $collection))
        );
        $crate::mutation::mutation!(
            raw_alerts.$delete($deleted) -> (),
            |_answer| Some(()),
            |request| Some((&mut request.name, $collection))
        );
        $crate::mutation::mutations_with!(
            Checkable, validate_only: bool;
            $created, $updated, $deleted
        );
        $crate::mutation::mutations_with!(Masked, update_mask: Option<FieldMask>; $updated);
        $crate::mutation::mutations_with!(Guarded, etag: String; $deleted);
    };
}

pub(super) use kept;
