//! The page on what is read of GitHub is made from the data, and the data speak of all that is asked.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use seaworthy::collect::github::reads::Reads;

use crate::fake_github::TOKEN;
use crate::fault_proxy::{is_download, name_of};
use crate::rich_github;
use crate::support::run;

#[test]
fn the_page_on_github_is_made_from_the_data() {
    let page = run(&["observations", "--github"]);
    let written = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/github.md")).unwrap();
    assert!(page.stdout == written, "run `cargo run -- observations --github > docs/github.md`");
}

#[tokio::test]
async fn all_that_is_asked_is_spoken_of() {
    let reads = Reads::built_in().unwrap();
    let mut unknown = BTreeSet::new();
    let mut known = BTreeSet::new();
    for (role, token) in [(None, None), (Some("READ"), Some(TOKEN)), (Some("ADMIN"), Some(TOKEN))] {
        let server = rich_github::start(role).await;
        let subject = "acme/widget".parse().unwrap();
        rich_github::collect_from(&server.uri(), &subject, token, Duration::from_secs(30)).await.unwrap();
        for request in server.received_requests().await.unwrap() {
            let name = name_of(request.url.path(), &request.body);
            if is_download(&name) || name.starts_with("graphql") {
                continue;
            }
            match reads.request_of(&name) {
                Some(request) => known.insert(request.request.clone()),
                None => unknown.insert(name),
            };
        }
    }
    assert!(unknown.is_empty(), "questionnaires/github.yaml must have requests for {unknown:#?}");
    assert!(known.len() > 15, "only these were asked: {known:#?}");
}
