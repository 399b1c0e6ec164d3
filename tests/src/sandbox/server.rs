//! The sandbox behind a plain HTTP/1.1 server on loopback, for the real transports and for programs that are started. One
//! thread with a small async runtime of its own, so that blocking callers need none.

use super::{Asked, Breakage, Outcome, Reply, Sandbox, lock};
use std::io::{Read, Result as IoResult, Write};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

/// A server; it ends when it is dropped.
pub struct Server {
    host: String,
    counts: Arc<Counts>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Counts {
    connections: AtomicUsize,
    body_bytes: AtomicU64,
    /// What went wrong in the server itself; a test that cares asks.
    strange: Mutex<Vec<String>>,
}

impl Server {
    /// Serves a sandbox on a free port.
    pub fn start(sandbox: &Sandbox) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a listener");
        let host = listener.local_addr().expect("an address").to_string();
        let (stop, stopped) = oneshot::channel();
        let (counts, sandbox, own) = (Arc::new(Counts::default()), sandbox.clone(), host.clone());
        let theirs = Arc::clone(&counts);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).expect("a listener");
                tokio::select! {
                    _ = stopped => {}
                    () = accept(listener, sandbox, own, theirs) => {}
                }
            });
        });
        Self { host, counts, stop: Some(stop), thread: Some(thread) }
    }

    /// The base URL.
    pub fn base(&self) -> String {
        format!("http://{}", self.host)
    }

    /// How many connections were opened.
    pub fn connections(&self) -> usize {
        self.counts.connections.load(Ordering::SeqCst)
    }

    /// How many bytes of floods could be written before the client went away.
    pub fn flooded(&self) -> u64 {
        self.counts.body_bytes.load(Ordering::SeqCst)
    }

    /// Requests that could not be read.
    pub fn strange(&self) -> Vec<String> {
        lock(&self.counts.strange).clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn accept(listener: TcpListener, sandbox: Sandbox, host: String, counts: Arc<Counts>) {
    while let Ok((stream, _)) = listener.accept().await {
        counts.connections.fetch_add(1, Ordering::SeqCst);
        let (sandbox, host, counts) = (sandbox.clone(), host.clone(), Arc::clone(&counts));
        tokio::spawn(async move {
            // An error here means that the client went away, which is its right.
            let _ = serve(stream, &sandbox, &host, &counts).await;
        });
    }
}

async fn serve(mut stream: TcpStream, sandbox: &Sandbox, host: &str, counts: &Counts) -> IoResult<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::new();
    while let Some(asked) = receive(&mut stream, &mut buffer, host, counts).await? {
        match sandbox.outcome(&asked) {
            Outcome::Reply(reply) => {
                stream.write_all(&wire(&reply)).await?;
                if reply.hangs_up {
                    return Ok(());
                }
            }
            Outcome::Broken(breakage) => return break_off(stream, breakage, counts).await,
        }
    }
    Ok(())
}

/// The next request, or none when the client closes the connection.
async fn receive(stream: &mut TcpStream, buffer: &mut Vec<u8>, host: &str, counts: &Counts) -> IoResult<Option<Asked>> {
    loop {
        if let Some(end) = buffer.windows(4).position(|w| w == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
            let mut lines = head.split("\r\n");
            let mut first = lines.next().unwrap_or_default().split(' ');
            let headers: Vec<(String, String)> = lines
                .filter_map(|line| line.split_once(':'))
                .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
                .collect();
            let length = headers.iter().find(|(name, _)| name == "content-length").map(|(_, v)| v.parse::<usize>());
            let (Some(method), Some(target), Ok(length)) = (first.next(), first.next(), length.unwrap_or(Ok(0))) else {
                lock(&counts.strange).push(head);
                return Ok(None);
            };
            if buffer.len() >= end + 4 + length {
                let body = buffer[end + 4..end + 4 + length].to_vec();
                buffer.drain(..end + 4 + length);
                let (method, target) = (method.to_owned(), target.to_owned());
                return Ok(Some(Asked { method, origin: format!("http://{host}"), target, headers, body }));
            }
        }
        let mut chunk = [0; 16 << 10];
        match stream.read(&mut chunk).await? {
            0 => return Ok(None),
            n => buffer.extend_from_slice(&chunk[..n]),
        }
    }
}

/// An answer as it goes over the wire.
fn wire(reply: &Reply) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {} Status\r\n", reply.status);
    for (name, value) in &reply.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    // A 204 has neither body nor length.
    if reply.status != 204 {
        head.push_str(&format!("content-length: {}\r\n", reply.body.len()));
    }
    [head.as_bytes(), b"\r\n", &reply.body].concat()
}

async fn break_off(mut stream: TcpStream, breakage: Breakage, counts: &Counts) -> IoResult<()> {
    const HALF: &[u8] =
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"count\": 1, ";
    match breakage {
        Breakage::Refused | Breakage::Reset => stream.set_zero_linger(),
        Breakage::CutOff => {
            stream.write_all(HALF).await?;
            stream.shutdown().await
        }
        Breakage::ResetMidBody => {
            stream.write_all(HALF).await?;
            // A reset overtakes what has not been read; let the half arrive first.
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            stream.set_zero_linger()
        }
        Breakage::Silence => gone(&mut stream).await,
        Breakage::Trickle => {
            stream.write_all(HALF).await?;
            gone(&mut stream).await
        }
        Breakage::Flood(bytes) => {
            stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n")
                .await?;
            let chunk = [format!("{:x}\r\n", 1 << 16).as_bytes(), &[b' '; 1 << 16], b"\r\n"].concat();
            flood(&mut stream, bytes, &chunk, counts).await?;
            stream.write_all(b"0\r\n\r\n").await
        }
        Breakage::AnnouncedFlood(bytes) => {
            stream.write_all(format!("HTTP/1.1 200 OK\r\ncontent-length: {bytes}\r\n\r\n").as_bytes()).await?;
            flood(&mut stream, bytes, &[b' '; 1 << 16], counts).await
        }
    }
}

async fn flood(stream: &mut TcpStream, bytes: u64, chunk: &[u8], counts: &Counts) -> IoResult<()> {
    for _ in 0..bytes >> 16 {
        stream.write_all(chunk).await?;
        counts.body_bytes.fetch_add(1 << 16, Ordering::SeqCst);
    }
    Ok(())
}

/// Waits until the client has had enough.
async fn gone(stream: &mut TcpStream) -> IoResult<()> {
    let mut rest = [0; 1024];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}

/// Posts JSON to a URL on loopback, as Belvo posts a notification; gives the status.
///
/// # Errors
/// When nobody listens there.
pub fn post(url: &str, authorization: &str, body: &str) -> IoResult<u16> {
    let rest = url.strip_prefix("http://").expect("an http url");
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = std::net::TcpStream::connect(host)?;
    let head = format!(
        "POST /{path} HTTP/1.1\r\nhost: {host}\r\nauthorization: {authorization}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body.as_bytes()].concat())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default())
}
