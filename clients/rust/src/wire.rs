use crate::Error;
use std::fmt;
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
    transport::Channel,
};

/// What generated clients speak through: the connection, with the key on every call.
pub type Wire = InterceptedService<Channel, Credentials>;

/// What every call carries: the API key and the language of messages.
#[derive(Clone, Default)]
pub struct Credentials {
    authorization: Option<MetadataValue<Ascii>>,
    language: Option<MetadataValue<Ascii>>,
}

impl Credentials {
    pub(crate) fn new(key: Option<&str>, locale: Option<&str>) -> Result<Self, Error> {
        let mut authorization = key.map(bearer).transpose()?;
        if let Some(value) = &mut authorization {
            value.set_sensitive(true);
        }
        let language = locale.map(str::parse::<MetadataValue<Ascii>>).transpose();
        let language = language.map_err(|_| Error::InvalidHeader("locale"))?;
        Ok(Self { authorization, language })
    }
}

fn bearer(key: &str) -> Result<MetadataValue<Ascii>, Error> {
    format!("Bearer {key}").parse().map_err(|_| Error::InvalidHeader("API key"))
}

/// Never shows the key.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("authorization", &self.authorization.as_ref().map(|_| "***"))
            .field("language", &self.language)
            .finish()
    }
}

impl Interceptor for Credentials {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let metadata = request.metadata_mut();
        if let Some(value) = &self.authorization {
            metadata.insert("authorization", value.clone());
        }
        if let Some(value) = &self.language {
            metadata.insert("accept-language", value.clone());
        }
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_sent_but_never_shown() {
        let mut credentials = Credentials::new(Some("geheim"), Some("zh-CN")).expect("fine");
        assert!(!format!("{credentials:?}").contains("geheim"));
        let request = credentials.call(Request::new(())).expect("fine");
        let sent = |name| request.metadata().get(name).and_then(|value| value.to_str().ok());
        assert_eq!(sent("authorization"), Some("Bearer geheim"));
        assert_eq!(sent("accept-language"), Some("zh-CN"));
        assert!(!format!("{:?}", request.metadata()).contains("geheim"));
    }

    #[test]
    fn what_no_header_can_carry_is_refused() {
        let refused = Credentials::new(Some("a\nb"), None);
        assert!(matches!(refused, Err(Error::InvalidHeader("API key"))));
    }
}
