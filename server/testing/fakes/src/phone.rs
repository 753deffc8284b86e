//! Clouds that carry text messages and calls: Aliyun with ACS3-HMAC-SHA256, Tencent with
//! TC3-HMAC-SHA256. What handsets show is the template's name and its values.

mod acs3;
mod aliyun;
mod calendar;
mod hash;
mod tc3;
mod tencent;
mod variables;

pub use aliyun::Aliyun;
pub use tencent::Tencent;
