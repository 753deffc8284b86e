use super::{ALERTS, Alerts, kept::kept};
use crate::{
    Change, Error, Listing,
    retry::Retry,
    v1::{
        CreateTemplateRequest, DeleteTemplateRequest, GetTemplateRequest, ListTemplatesRequest,
        PreviewTemplateRequest, PreviewTemplateResponse, Template, UpdateTemplateRequest,
        preview_template_request::Subject,
    },
};
use prost_types::FieldMask;

const TEMPLATES: &str = "templates";

impl Alerts {
    /// One template, by id or name.
    ///
    /// # Errors
    /// NOT_FOUND, and what any call may fail with.
    pub async fn template(&self, template: &str) -> Result<Template, Error> {
        let name = self.0.full_name(TEMPLATES, template).await?;
        let answer = self
            .0
            .call(Retry::Safe, GetTemplateRequest { name }, |request| {
                let mut client = self.0.raw_alerts();
                async move { client.get_template(request).await }
            })
            .await?;
        answer.template.ok_or(Error::Incomplete("template"))
    }

    /// The tenant's templates, by id.
    pub fn templates(&self) -> Listing<ListTemplatesRequest> {
        let parent = self.0.tenant.parent();
        Listing::new(&self.0, ListTemplatesRequest { parent, ..<_>::default() })
    }

    /// Adds a template; with an empty id the server chooses one.
    pub fn create_template(
        &self,
        id: impl Into<String>,
        template: Template,
    ) -> Change<CreateTemplateRequest> {
        let request = CreateTemplateRequest {
            parent: self.0.tenant.parent(),
            template_id: id.into(),
            template: Some(template),
            ..<_>::default()
        };
        Change::new(&self.0, request)
    }

    /// Changes the template called `template.name` (or id) where it is set, or, with a
    /// [`mask`](Change::mask), there. Its etag, when set, must be current.
    pub fn update_template(&self, template: Template) -> Change<UpdateTemplateRequest> {
        let template = Some(template);
        Change::new(&self.0, UpdateTemplateRequest { template, ..<_>::default() })
    }

    /// Takes a template away; the next that fits is taken, or the built-in one.
    pub fn delete_template(&self, template: impl Into<String>) -> Change<DeleteTemplateRequest> {
        Change::new(&self.0, DeleteTemplateRequest { name: template.into(), ..<_>::default() })
    }

    /// A template, draft or built-in, filled with a sample or with an alert. Both may be
    /// given by id; the parent is filled in.
    ///
    /// # Errors
    /// NOT_FOUND, INVALID_ARGUMENT for a template that cannot be filled, and what any call
    /// may fail with.
    pub async fn preview(
        &self,
        mut request: PreviewTemplateRequest,
    ) -> Result<PreviewTemplateResponse, Error> {
        request.parent = self.0.tenant.parent();
        if let Some(Subject::Template(template)) = &mut request.subject {
            *template = self.0.full_name(TEMPLATES, template).await?;
        }
        if !request.alert.is_empty() {
            request.alert = self.0.full_name(ALERTS, &request.alert).await?;
        }
        self.0
            .call(Retry::Safe, request, |request| {
                let mut client = self.0.raw_alerts();
                async move { client.preview_template(request).await }
            })
            .await
    }
}

kept!(
    Template in TEMPLATES, template of templates;
    create_template(CreateTemplateRequest), update_template(UpdateTemplateRequest),
    delete_template(DeleteTemplateRequest), list_templates(ListTemplatesRequest)
);
