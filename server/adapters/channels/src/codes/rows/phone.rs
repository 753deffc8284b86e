//! Clouds that carry text messages and calls.

use super::Rows;
use umpire_notify::Outcome::{Permanent, Throttled, Transient};

pub(super) const CLOUDS: Rows = &[
    // Aliyun. Limits of a number or a day outlast any wait, so others are told.
    (&["isv.BUSINESS_LIMIT_CONTROL"], "", Permanent),
    (&["isv.DAY_LIMIT_CONTROL", "isv.MONTH_LIMIT_CONTROL"], "", Permanent),
    (&["isp.SYSTEM_ERROR", "ServiceUnavailable*", "InternalError*"], "", Transient),
    (&["Throttling*"], "", Transient),
    // The next attempt is signed afresh.
    (&["SignatureNonceUsed", "InvalidTimeStamp.Expired"], "", Transient),
    (&["SignatureDoesNotMatch", "InvalidAccessKeyId*", "isp.RAM_PERMISSION_DENY"], "", Permanent),
    (&["isv.*"], "", Permanent),
    // Tencent Cloud.
    (&["RequestLimitExceeded*"], "", Transient),
    (&["LimitExceeded.PhoneNumberThirtySecondLimit"], "", Throttled(30)),
    (&["LimitExceeded.DeliveryFrequencyLimit"], "", Throttled(60)),
    (&["LimitExceeded.PhoneNumberOneHourLimit"], "", Throttled(3_600)),
    (&["LimitExceeded*"], "", Permanent),
    (&["FailedOperation*", "InvalidParameter*", "MissingParameter*"], "", Permanent),
    (&["UnauthorizedOperation*", "UnsupportedOperation*"], "", Permanent),
    (&["AuthFailure.SignatureExpire"], "", Transient),
    (&["AuthFailure*"], "", Permanent),
];
