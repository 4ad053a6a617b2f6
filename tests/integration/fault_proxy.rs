//! A proxy in the process itself, between the collector and a fake GitHub, that lets one request go wrong and passes on
//! all others. What the fake answers is kept, so that it is asked once for each request however often it is repeated.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot be set up is to fail")]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flate2::{Compress, Compression, FlushCompress, Status};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The name of a request: its path with query, or `graphql NAME`.
pub(crate) fn name_of(target: &str, body: &[u8]) -> String {
    if target.split('?').next().is_some_and(|path| path.ends_with("/graphql")) {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let query = body["query"].as_str().unwrap_or_default();
        let name = query.lines().find_map(|line| line.strip_prefix("query ")).unwrap_or_default();
        return format!("graphql {}", name.split('(').next().unwrap_or_default());
    }
    target.to_owned()
}

/// Whether a request is for a file rather than for an answer of the API.
pub(crate) fn is_download(name: &str) -> bool {
    name.starts_with("/codeload/") || name.starts_with("/raw/") || name.contains("/_codeload/")
}

/// A way for an answer to go wrong.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fault {
    /// This status with a message of GitHub.
    Status(u16, &'static str),
    /// A status with headers and a message.
    With(u16, &'static [(&'static str, &'static str)], &'static str),
    /// The primary limit is used up, until so many seconds from now.
    UsedUp(i64),
    /// A web page.
    Html(u16),
    /// The first half of the true body, with the right length of that.
    CutShort,
    EmptyBody,
    NoContent,
    /// A list for an object, an object for a list.
    OtherType,
    /// An object for an object, a list for a list, without anything in it.
    Hollow,
    /// The true body, each value in it null.
    Nulls,
    JustNull,
    /// Bytes that are no UTF-8 in each text.
    NotUtf8,
    /// The true answer, with headers twice and some that are no text.
    OddHeaders,
    Reset,
    /// The connection ends in the middle of the body.
    Dropped,
    Hang,
    /// A byte at a time.
    Trickle,
    /// A body without an end: blanks, or an archive.
    Endless,
    /// A body that says it is compressed, and is very much so.
    Bomb,
    RedirectElsewhere,
    RedirectLoop,
    /// GraphQL: no data, and an error of this type.
    Error(&'static str, &'static str),
    /// GraphQL: null at this path of the data, and an error of this type that names it.
    At(Vec<String>, &'static str),
    /// GraphQL: an error of this type and every part null but the repository itself.
    OnlyRepository(&'static str),
}

/// Which of the requests of a name go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Calls {
    First,
    /// The first and the second, which may be another try.
    FirstTwo,
    All,
}

/// What is to go wrong.
#[derive(Clone, Debug)]
pub(crate) struct Injected {
    /// The request, or none for all of them.
    pub(crate) name: Option<String>,
    pub(crate) fault: Fault,
    pub(crate) calls: Calls,
}

#[derive(Clone, Debug, Default)]
struct Answer {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

/// Answers of the fake that were asked for already.
pub(crate) type Kept = Arc<Mutex<BTreeMap<Vec<u8>, Vec<u8>>>>;

struct Shared {
    upstream: SocketAddr,
    kept: Kept,
    injected: Mutex<Option<Injected>>,
    /// Where a request that was led away would come to.
    elsewhere: String,
    counts: Mutex<BTreeMap<String, usize>>,
    /// The last true body of each name.
    bodies: Mutex<BTreeMap<String, Vec<u8>>>,
}

/// The proxy. It ends when it is dropped.
pub(crate) struct FaultProxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl FaultProxy {
    pub(crate) async fn start(upstream: SocketAddr, kept: Kept, injected: Option<Injected>, elsewhere: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            upstream,
            kept,
            injected: Mutex::new(injected),
            elsewhere: elsewhere.to_owned(),
            counts: Mutex::default(),
            bodies: Mutex::default(),
        });
        let serving = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&serving);
                connections.spawn(async move {
                    // Whoever asked may be gone, which is no error of the proxy.
                    let _ = serve(stream, &shared).await;
                });
            }
        });
        Self { address, shared, task }
    }

    /// Lets another thing go wrong from now on, or nothing.
    pub(crate) fn inject(&self, injected: Option<Injected>) {
        *self.shared.injected.lock().unwrap() = injected;
        self.shared.counts.lock().unwrap().clear();
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was truly answered to each name.
    pub(crate) fn bodies(&self) -> BTreeMap<String, Vec<u8>> {
        self.shared.bodies.lock().unwrap().clone()
    }
}

struct Asked {
    head: String,
    target: String,
    body: Vec<u8>,
}

async fn read_request(stream: &mut TcpStream) -> std::io::Result<Option<Asked>> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let length = header(&head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = bytes.split_off(end);
    while body.len() < length {
        if stream.read_buf(&mut body).await? == 0 {
            return Ok(None);
        }
    }
    let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
    Ok(Some(Asked { head, target, body }))
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    lines.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
}

impl Shared {
    /// Counts a request, and says whether it goes wrong.
    fn count(&self, name: &str) -> Option<Fault> {
        let mut counts = self.counts.lock().unwrap();
        let count = counts.entry(name.to_owned()).or_default();
        *count += 1;
        let injected = self.injected.lock().unwrap();
        let injected = injected.as_ref()?;
        let meant = injected.name.as_ref().is_none_or(|meant| meant == name);
        let now = match injected.calls {
            Calls::First => *count == 1,
            Calls::FirstTwo => *count <= 2,
            Calls::All => true,
        };
        (meant && now).then(|| injected.fault.clone())
    }

    /// The true answer, of the fake or kept from before.
    async fn truth(&self, asked: &Asked) -> std::io::Result<Answer> {
        // Which port was asked is no part of the question.
        let head: String = asked
            .head
            .split_inclusive("\r\n")
            .filter(|line| {
                let line = line.to_ascii_lowercase();
                !line.starts_with("host:") && !line.starts_with("if-none-match:") && line != "\r\n"
            })
            .collect();
        let sent = format!("{head}host: {}\r\nconnection: close\r\n\r\n", self.upstream);
        let question = [sent.as_bytes(), &asked.body].concat();
        let kept = self.kept.lock().unwrap().get(&question).cloned();
        let bytes = match kept {
            Some(bytes) => bytes,
            None => {
                let mut upstream = TcpStream::connect(self.upstream).await?;
                upstream.write_all(&question).await?;
                let mut bytes = Vec::new();
                upstream.read_to_end(&mut bytes).await?;
                self.kept.lock().unwrap().insert(question, bytes.clone());
                bytes
            }
        };
        Ok(parse(&bytes, self.upstream, header(&asked.head, "host").unwrap_or_default()))
    }
}

/// Reads an answer; addresses of the fake become addresses of the proxy.
fn parse(bytes: &[u8], upstream: SocketAddr, host: &str) -> Answer {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").map_or(bytes.len(), |end| end + 4);
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let mut body = bytes[end..].to_vec();
    if header(&head, "transfer-encoding").is_some() {
        body = unchunked(&body);
    }
    let kept = ["content-type", "location", "link", "x-oauth-scopes"];
    let headers = head.lines().skip(1).filter_map(|line| line.split_once(':')).filter_map(|(name, value)| {
        let name = name.to_ascii_lowercase();
        let keep = kept.contains(&name.as_str()) || name.starts_with("x-ratelimit");
        keep.then(|| (name, value.trim().replace(&upstream.to_string(), host).into_bytes()))
    });
    let headers = headers.collect();
    let text = String::from_utf8(body);
    let body = match text {
        Ok(text) => text.replace(&upstream.to_string(), host).into_bytes(),
        Err(bytes) => bytes.into_bytes(),
    };
    let mut answer = Answer { status, headers, body };
    if status == 200 {
        let tag = gix::objs::compute_hash(gix::hash::Kind::Sha1, gix::objs::Kind::Blob, &answer.body).unwrap();
        answer.headers.push(("etag".to_owned(), format!("\"{tag}\"").into_bytes()));
    }
    answer
}

fn unchunked(mut bytes: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = bytes.windows(2).position(|two| two == b"\r\n") {
        let length = usize::from_str_radix(String::from_utf8_lossy(&bytes[..end]).trim(), 16).unwrap_or(0);
        if length == 0 || end + 2 + length > bytes.len() {
            break;
        }
        whole.extend_from_slice(&bytes[end + 2..end + 2 + length]);
        bytes = bytes.get(end + 4 + length..).unwrap_or_default();
    }
    whole
}

fn message(status: u16, headers: &[(&str, &str)], text: &str) -> Answer {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect();
    Answer { status, headers, body: json!({ "message": text }).to_string().into_bytes() }
}

/// The head of an answer; without a length the body ends with the connection.
fn head(answer: &Answer, length: Option<usize>) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {} Such\r\nconnection: close\r\n", answer.status).into_bytes();
    if let Some(length) = length.filter(|_| ![204, 304].contains(&answer.status)) {
        head.extend(format!("content-length: {length}\r\n").into_bytes());
    }
    for (name, value) in &answer.headers {
        head.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
    }
    head.extend(b"\r\n");
    head
}

async fn send(stream: &mut TcpStream, answer: &Answer) -> std::io::Result<()> {
    stream.write_all(&[head(answer, Some(answer.body.len())), answer.body.clone()].concat()).await?;
    stream.shutdown().await
}

async fn serve(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let Some(asked) = read_request(&mut stream).await? else { return Ok(()) };
    let name = name_of(&asked.target, &asked.body);
    let fault = shared.count(&name);
    let truth = shared.truth(&asked).await?;
    shared.bodies.lock().unwrap().insert(name.clone(), truth.body.clone());
    let Some(fault) = fault else {
        let etag = truth.headers.iter().find(|(name, _)| name == "etag").map(|(_, value)| value.clone());
        let same = header(&asked.head, "if-none-match").is_some_and(|known| Some(known.as_bytes()) == etag.as_deref());
        let unchanged = Answer { status: 304, body: Vec::new(), ..truth.clone() };
        return send(&mut stream, if same { &unchanged } else { &truth }).await;
    };
    match fault {
        Fault::Reset => {
            stream.set_zero_linger()?;
            Ok(())
        }
        Fault::Hang => gone(&mut stream).await,
        Fault::Dropped => {
            let half = &truth.body[..truth.body.len() / 2];
            stream.write_all(&[&head(&truth, Some(truth.body.len() + 1))[..], half].concat()).await?;
            stream.shutdown().await
        }
        Fault::Trickle => {
            stream.write_all(&head(&truth, Some(truth.body.len() + 100_000))).await?;
            for byte in truth.body.iter().copied().chain(std::iter::repeat_n(b' ', 100_000)) {
                stream.write_all(&[byte]).await?;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Ok(())
        }
        Fault::Endless => {
            let (start, more) = if is_download(&name) { bomb() } else { (b"[".to_vec(), vec![b' '; 256 * 1024]) };
            let answer = Answer { status: 200, ..truth };
            stream.write_all(&[head(&answer, None), start].concat()).await?;
            loop {
                stream.write_all(&more).await?;
            }
        }
        Fault::Bomb => {
            let (start, more) = bomb();
            let encoding = ("content-encoding".to_owned(), b"gzip".to_vec());
            let headers = truth.headers.into_iter().chain([encoding]).collect();
            let body = std::iter::once(start).chain(std::iter::repeat_n(more, 8 * 1024)).flatten().collect();
            send(&mut stream, &Answer { status: 200, headers, body }).await
        }
        fault => send(&mut stream, &changed(fault, truth, &asked.target, &shared.elsewhere)).await,
    }
}

/// Waits until the other side is gone.
async fn gone(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut nothing = [0; 64];
    while stream.read(&mut nothing).await? > 0 {}
    Ok(())
}

/// An archive that is mostly zeros: its beginning, and what can follow it again and again, a MiB each time.
fn bomb() -> (Vec<u8>, Vec<u8>) {
    let mut header = tar::Header::new_gnu();
    header.set_path("acme-widget-1111111/zeros").unwrap();
    header.set_size(1 << 32);
    header.set_mode(0o644);
    header.set_cksum();
    let mut compress = Compress::new(Compression::fast(), false);
    let mut start = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    start.extend(deflated(&mut compress, header.as_bytes()));
    let zeros = vec![0; 1024 * 1024];
    start.extend(deflated(&mut compress, &zeros));
    (start, deflated(&mut compress, &zeros))
}

fn deflated(compress: &mut Compress, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 1024);
    assert_eq!(compress.compress_vec(bytes, &mut out, FlushCompress::Sync).unwrap(), Status::Ok);
    out
}

/// The answer that the fault makes of the true one.
fn changed(fault: Fault, truth: Answer, target: &str, elsewhere: &str) -> Answer {
    let as_json = || serde_json::from_slice::<Value>(&truth.body).unwrap_or_default();
    let with_body = |body: Vec<u8>| Answer { body, ..truth.clone() };
    let with_json = |body: Value| with_body(body.to_string().into_bytes());
    match fault {
        Fault::Status(status, text) => message(status, &[], text),
        Fault::With(status, headers, text) => message(status, headers, text),
        Fault::UsedUp(seconds) => {
            let reset = (now() + seconds).to_string();
            let headers = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", reset.as_str())];
            message(403, &headers, "API rate limit exceeded for user ID 1.")
        }
        Fault::Html(status) => Answer { status, headers: html(), body: b"<html><body>Unicorn!</body></html>".to_vec() },
        Fault::CutShort => with_body(truth.body[..truth.body.len() / 2].to_vec()),
        Fault::EmptyBody => Answer { status: 200, ..with_body(Vec::new()) },
        Fault::NoContent => Answer { status: 204, ..Answer::default() },
        Fault::OtherType => {
            Answer { status: 200, ..with_json(if as_json().is_array() { json!({}) } else { json!([]) }) }
        }
        Fault::Hollow => {
            Answer { status: 200, ..with_json(if as_json().is_array() { json!([{}]) } else { json!({}) }) }
        }
        Fault::Nulls => Answer { status: 200, ..with_json(nulls(as_json())) },
        Fault::JustNull => Answer { status: 200, ..with_json(Value::Null) },
        Fault::NotUtf8 => {
            let quotes = truth.body.iter().flat_map(|byte| if *byte == b'"' { vec![b'"', 0xff] } else { vec![*byte] });
            with_body(quotes.collect())
        }
        Fault::OddHeaders => {
            let odd = [
                ("x-ratelimit-remaining", &b"0"[..]),
                ("x-ratelimit-remaining", b"4999"),
                ("x-ratelimit-reset", b"\xff\xfe"),
                ("content-type", b"text/html"),
                ("retry-after", b"soon"),
                ("x-odd", b"\xc3\x28"),
            ];
            let odd = odd.into_iter().map(|(name, value)| (name.to_owned(), value.to_vec()));
            Answer { headers: truth.headers.clone().into_iter().chain(odd).collect(), ..truth }
        }
        Fault::RedirectElsewhere => redirect(&format!("{elsewhere}{target}")),
        Fault::RedirectLoop => redirect(target),
        Fault::Error(kind, text) => {
            let error = json!([{ "type": kind, "message": text }]);
            Answer { status: 200, ..with_json(json!({ "data": null, "errors": error })) }
        }
        Fault::At(path, kind) => {
            let mut body = as_json();
            if let Some(found) = body.pointer_mut(&format!("/data/{}", path.join("/"))) {
                *found = Value::Null;
            }
            body["errors"] = json!([{ "type": kind, "path": path, "message": "Something went wrong" }]);
            with_json(body)
        }
        Fault::OnlyRepository(kind) => {
            let mut body = as_json();
            let parts = body["data"].as_object_mut().into_iter().flatten().filter(|(part, _)| *part != "repository");
            let mut errors = Vec::new();
            for (part, value) in parts {
                *value = Value::Null;
                errors.push(json!({ "type": kind, "path": [part], "message": "Something went wrong" }));
            }
            body["errors"] = json!(errors);
            with_json(body)
        }
        Fault::Reset | Fault::Hang | Fault::Dropped | Fault::Trickle | Fault::Endless | Fault::Bomb => truth,
    }
}

/// Seconds since 1970.
#[expect(clippy::disallowed_methods, reason = "when a limit ends is said by the clock")]
fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    since.as_secs().cast_signed()
}

fn html() -> Vec<(String, Vec<u8>)> {
    vec![("content-type".to_owned(), b"text/html; charset=utf-8".to_vec())]
}

fn redirect(to: &str) -> Answer {
    Answer { status: 302, headers: vec![("location".to_owned(), to.as_bytes().to_vec())], body: Vec::new() }
}

/// The same shape, each value null.
fn nulls(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(nulls).collect()),
        Value::Object(fields) => Value::Object(fields.into_iter().map(|(name, value)| (name, nulls(value))).collect()),
        _ => Value::Null,
    }
}
