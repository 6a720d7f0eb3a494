//! Options for what people say of something that is kept.

use clap::Args;
use keyreeve_app::api::DescriptionRequest;

/// Owner, note and tags.
#[derive(Debug, Args)]
pub(crate) struct DescriptionArgs {
    /// Who answers for it
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// The note
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// A tag to add; may be given several times
    #[arg(long, value_name = "TAG")]
    add_tag: Vec<String>,
    /// A tag to take off; may be given several times
    #[arg(long, value_name = "TAG")]
    remove_tag: Vec<String>,
}

impl DescriptionArgs {
    /// The change, where `tags` are there already.
    pub(crate) fn request(self, mut tags: Vec<String>) -> DescriptionRequest {
        let touched = !self.add_tag.is_empty() || !self.remove_tag.is_empty();
        tags.retain(|tag| !self.remove_tag.contains(tag));
        tags.extend(self.add_tag);
        DescriptionRequest { owner: self.owner, note: self.note, tags: touched.then_some(tags) }
    }
}
