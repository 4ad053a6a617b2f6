//! Secure connections: a certificate that is trusted is accepted; one that is not, a server that speaks something else, and a
//! name that nobody knows are each told with what to do.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up is to fail")]

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::fake_github::{FakeGitHub, TOKEN};
use crate::github_cli::whole;
use crate::support::{Run, seaworthy};

/// A certificate authority, and a certificate of it for `localhost`.
struct Authority {
    /// The certificate that whoever trusts the authority has.
    pem: String,
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

impl Authority {
    fn new() -> Self {
        let mut own = CertificateParams::new(Vec::new()).unwrap();
        own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = own.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(own, key);
        let key = KeyPair::generate().unwrap();
        let server = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let certificate = server.signed_by(&key, &issuer).unwrap().der().clone();
        Self { pem, certificate, key: PrivateKeyDer::try_from(key.serialize_der()).unwrap() }
    }

    /// Serves what an address serves, over TLS. Gives the port.
    async fn serve(&self, behind: SocketAddr) -> u16 {
        let versions = ServerConfig::builder_with_provider(Arc::new(default_provider()));
        let config = versions.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        let config = config.with_single_cert(vec![self.certificate.clone()], self.key.clone_key()).unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let Ok(mut secure) = acceptor.accept(stream).await else { return };
                    let Ok(mut plain) = TcpStream::connect(behind).await else { return };
                    // Whoever hangs up first ends it.
                    drop(tokio::io::copy_bidirectional(&mut secure, &mut plain).await);
                });
            }
        });
        port
    }
}

/// Collects `acme/widget` from an address, trusting the authorities of a file and nobody else.
async fn collect(api: String, trusted: &Path) -> Run {
    let mut command = seaworthy();
    command.args(["collect", "acme/widget", "--no-cache", "--api-url", &api]);
    command.env("SSL_CERT_FILE", trusted).env("GITHUB_TOKEN", TOKEN);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    Run {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_certificate_that_is_trusted_is_accepted() {
    let fake = FakeGitHub::start(whole()).await;
    let folder = tempfile::tempdir().unwrap();
    let (ours, others) = (folder.path().join("ours.pem"), folder.path().join("others.pem"));
    let authority = Authority::new();
    std::fs::write(&ours, &authority.pem).unwrap();
    std::fs::write(&others, Authority::new().pem).unwrap();
    let address = fake.url().trim_start_matches("http://").parse().unwrap();
    let port = authority.serve(address).await;
    let run = collect(format!("https://localhost:{port}"), &ours).await;
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.contains("github.com/acme/widget"), "{}", run.stdout);
    let asked = fake.requests().await.len();
    assert!(asked > 0);
    // Somebody else's certificate, and one for another name.
    for (host, trusted) in [("localhost", &others), ("127.0.0.1", &ours)] {
        let run = collect(format!("https://{host}:{port}"), trusted).await;
        assert_eq!(run.status, 4, "{}", run.stderr);
        assert!(run.stderr.contains("certificate") && run.stderr.contains(host), "{}", run.stderr);
        assert!(!run.stderr.contains(TOKEN) && run.stdout.is_empty());
    }
    assert_eq!(fake.requests().await.len(), asked, "nothing is asked of a server that is not trusted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_speaks_no_tls_and_a_name_that_nobody_knows_are_told() {
    let fake = FakeGitHub::start(whole()).await;
    let folder = tempfile::tempdir().unwrap();
    let trusted = folder.path().join("trusted.pem");
    std::fs::write(&trusted, Authority::new().pem).unwrap();
    let plain = collect(fake.url().replace("http://", "https://"), &trusted).await;
    assert_eq!(plain.status, 4, "{}", plain.stderr);
    assert!(plain.stderr.contains("secure connection"), "{}", plain.stderr);
    // RFC 6761, section 6.4: this top level has no names.
    let unknown = collect("https://github.invalid".to_owned(), &trusted).await;
    assert_eq!(unknown.status, 4, "{}", unknown.stderr);
    assert!(unknown.stderr.contains("could not be resolved (DNS)"), "{}", unknown.stderr);
}
