//! `ZBXD`, flags, length, and JSON.

use std::io::{Error, ErrorKind};
use tokio::io::{AsyncRead, AsyncReadExt};

/// Zabbix' protocol, neither compressed nor large.
const START: &[u8; 5] = b"ZBXD\x01";
/// Longest answer that is read, in bytes.
const MAX_ANSWER: usize = 64 << 10;

/// A frame around JSON.
pub(super) fn framed(json: &[u8]) -> Vec<u8> {
    let mut frame = START.to_vec();
    // Four bytes of length, and four that are reserved.
    frame.extend_from_slice(&(json.len() as u64).to_le_bytes());
    frame.extend_from_slice(json);
    frame
}

/// Reads what is in the next frame.
///
/// # Errors
/// What broke the connection, and `InvalidData` for anything that is no such frame.
pub(super) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Result<Vec<u8>, Error> {
    let mut start = [0; START.len()];
    stream.read_exact(&mut start).await?;
    if start != *START {
        return Err(Error::new(ErrorKind::InvalidData, "the answer is not Zabbix's"));
    }
    let length = stream.read_u64_le().await?;
    let length = usize::try_from(length).ok().filter(|length| *length <= MAX_ANSWER);
    let length = length.ok_or_else(|| {
        Error::new(ErrorKind::InvalidData, format!("an answer of over {MAX_ANSWER} bytes"))
    })?;
    let mut json = vec![0; length];
    stream.read_exact(&mut json).await?;
    Ok(json)
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::HEXLOWER;

    const REQUEST: &[u8] =
        br#"{"request":"sender data","data":[{"host":"modsrv","key":"modsrv.alert","value":"ok"}]}"#;
    const FRAME: &str = concat!(
        "5a4258440156000000000000007b2272657175657374223a2273656e6465722064617461222c2264617461",
        "223a5b7b22686f7374223a226d6f64737276222c226b6579223a226d6f647372762e616c657274222c2276",
        "616c7565223a226f6b227d5d7d",
    );

    #[test]
    fn frames_are_those_of_zabbix() {
        assert_eq!(REQUEST.len(), 86);
        assert_eq!(HEXLOWER.encode(&framed(REQUEST)), FRAME);
    }

    #[tokio::test]
    async fn frames_are_read_back() {
        let mut frame = framed(REQUEST);
        assert_eq!(read(&mut &*frame).await.expect("a frame"), REQUEST);
        for (at, byte) in [(0, b'z'), (4, 3), (4, 5), (8, 1), (11, 1)] {
            let good = std::mem::replace(&mut frame[at], byte);
            let error = read(&mut &*frame).await.expect_err("no frame");
            assert_eq!(error.kind(), ErrorKind::InvalidData, "{at}: {error}");
            frame[at] = good;
        }
        for length in [0, 4, 12, frame.len() - 1] {
            let error = read(&mut &frame[..length]).await.expect_err("half a frame");
            assert_eq!(error.kind(), ErrorKind::UnexpectedEof, "{length}");
        }
    }
}
