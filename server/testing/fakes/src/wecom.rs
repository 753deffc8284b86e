//! WeCom: applications that write to single people, and robots in groups.

mod app;
mod mention;
mod robot;
mod token;

pub use app::App;
pub use robot::Robot;
pub use token::Tokens;

use crate::vendor::Reply;
use serde_json::{Value, json};

/// What WeCom says to a call that it did not carry out; HTTP 200 all the same.
fn refused(code: i64, message: &str) -> Reply {
    Reply::json(200, &refusal(code, message))
}

fn refusal(code: i64, message: &str) -> Value {
    let message = format!(
        "{message}, hint: [1651125626252370061579454], from ip: 192.0.2.1, more info at \
         https://open.work.weixin.qq.com/devtool/query?e={}",
        code.abs(),
    );
    json!({ "errcode": code, "errmsg": message })
}

/// The content of a message of this kind, or the refusal of one that is empty or too long.
fn content<'a>(body: &'a Value, kind: &str, max: usize) -> Result<&'a str, Reply> {
    let content = body[kind]["content"].as_str().unwrap_or_default();
    if content.is_empty() {
        return Err(refused(44_004, &format!("{kind} content is empty")));
    }
    if content.len() > max {
        let said = format!("{kind}.content exceed max length {max}. invalid Request Parameter");
        return Err(refused(40_058, &said));
    }
    Ok(content)
}
