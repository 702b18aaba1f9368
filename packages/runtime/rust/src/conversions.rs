//! Well-known types as types of libraries for times: those of `chrono` and `time`, each behind the feature of its name.
//! prost-types has the conversions of `std::time` itself.

use prost_types::{Duration, Timestamp};

use super::Error;

/// A type that stands for a well-known type: `let at = DateTime::from_proto(&timestamp)?`, `at.to_proto()`.
pub trait Proto: Sized {
    type Message;

    /// In the form that protos ask for: nanoseconds of a time are never negative, and those of a duration have its sign.
    fn to_proto(&self) -> Self::Message;

    /// # Errors
    ///
    /// If the type has no such value, or the message is none that protos allow.
    fn from_proto(message: &Self::Message) -> Result<Self, Error>;
}

const SECOND: u32 = 1_000_000_000;

/// The nanoseconds of a time.
fn nanos_of(timestamp: &Timestamp) -> Option<u32> {
    u32::try_from(timestamp.nanos)
        .ok()
        .filter(|it| *it < SECOND)
}

/// Whether the nanoseconds are of the sign of the seconds, and less than one.
fn is_normal(duration: &Duration) -> bool {
    let (seconds, nanos) = (duration.seconds, i64::from(duration.nanos));
    nanos.unsigned_abs() < u64::from(SECOND)
        && (seconds == 0 || nanos == 0 || (seconds < 0) == (nanos < 0))
}

fn no_time(timestamp: &Timestamp) -> Error {
    let Timestamp { seconds, nanos } = timestamp;
    format!("a Timestamp of {seconds} s and {nanos} ns is out of range").into()
}

fn no_duration(duration: &Duration) -> Error {
    let Duration { seconds, nanos } = duration;
    format!("a Duration of {seconds} s and {nanos} ns is out of range").into()
}

#[cfg(feature = "chrono")]
impl Proto for ::chrono::DateTime<::chrono::Utc> {
    type Message = Timestamp;

    fn to_proto(&self) -> Timestamp {
        Timestamp {
            seconds: self.timestamp(),
            // A leap second has more than a second's, which protos do not know.
            nanos: self.timestamp_subsec_nanos().min(SECOND - 1) as i32,
        }
    }

    fn from_proto(timestamp: &Timestamp) -> Result<Self, Error> {
        nanos_of(timestamp)
            .and_then(|nanos| Self::from_timestamp(timestamp.seconds, nanos))
            .ok_or_else(|| no_time(timestamp))
    }
}

#[cfg(feature = "chrono")]
impl Proto for ::chrono::TimeDelta {
    type Message = Duration;

    fn to_proto(&self) -> Duration {
        Duration {
            seconds: self.num_seconds(),
            nanos: self.subsec_nanos(),
        }
    }

    fn from_proto(duration: &Duration) -> Result<Self, Error> {
        Some(duration)
            .filter(|it| is_normal(it))
            .and_then(|it| Self::try_seconds(it.seconds))
            .and_then(|it| it.checked_add(&Self::nanoseconds(duration.nanos.into())))
            .ok_or_else(|| no_duration(duration))
    }
}

#[cfg(feature = "time")]
impl Proto for ::time::OffsetDateTime {
    type Message = Timestamp;

    fn to_proto(&self) -> Timestamp {
        Timestamp {
            seconds: self.unix_timestamp(),
            nanos: self.nanosecond() as i32,
        }
    }

    fn from_proto(timestamp: &Timestamp) -> Result<Self, Error> {
        nanos_of(timestamp)
            .zip(Self::from_unix_timestamp(timestamp.seconds).ok())
            .and_then(|(nanos, it)| it.replace_nanosecond(nanos).ok())
            .ok_or_else(|| no_time(timestamp))
    }
}

#[cfg(feature = "time")]
impl Proto for ::time::Duration {
    type Message = Duration;

    fn to_proto(&self) -> Duration {
        Duration {
            seconds: self.whole_seconds(),
            nanos: self.subsec_nanoseconds(),
        }
    }

    fn from_proto(duration: &Duration) -> Result<Self, Error> {
        Some(duration)
            .filter(|it| is_normal(it))
            .and_then(|it| {
                Self::seconds(it.seconds).checked_add(Self::nanoseconds(it.nanos.into()))
            })
            .ok_or_else(|| no_duration(duration))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// That each message is the same again, and of which there is no value.
    fn check<T: Proto>(good: &[T::Message], bad: &[T::Message])
    where
        T::Message: Clone + PartialEq + std::fmt::Debug,
    {
        for message in good {
            assert_eq!(&T::from_proto(message).unwrap().to_proto(), message);
        }
        for message in bad {
            let error = T::from_proto(message).err().expect("no such value");
            assert!(error.text().ends_with("is out of range"), "{error:?}");
        }
    }

    fn at(seconds: i64, nanos: i32) -> Timestamp {
        Timestamp { seconds, nanos }
    }

    fn lasting(seconds: i64, nanos: i32) -> Duration {
        Duration { seconds, nanos }
    }

    #[test]
    fn times_and_durations_are_the_same_again() {
        // Of the first and the last second that protos know.
        let times = [
            at(0, 0),
            at(-1, 999_999_999),
            at(1, 1),
            at(-62_135_596_800, 0),
            at(253_402_300_799, 999_999_999),
        ];
        let no_times = [
            at(0, -1),
            at(0, 1_000_000_000),
            at(i64::MAX, 0),
            at(i64::MIN, 0),
        ];
        check::<chrono::DateTime<chrono::Utc>>(&times, &no_times);
        check::<time::OffsetDateTime>(&times, &no_times);
        let durations = [
            lasting(0, 0),
            lasting(0, -1),
            lasting(-3, -999_999_999),
            lasting(315_576_000_000, 5),
        ];
        let no_durations = [
            lasting(1, -1),
            lasting(-1, 1),
            lasting(0, 1_000_000_000),
            lasting(0, i32::MIN),
        ];
        check::<chrono::TimeDelta>(&durations, &no_durations);
        check::<time::Duration>(&durations, &no_durations);
        check::<chrono::TimeDelta>(&[], &[lasting(i64::MAX, 0)]);
    }

    #[test]
    fn a_leap_second_is_the_end_of_the_second_before() {
        let leap = chrono::DateTime::from_timestamp(59, 1_500_000_000).unwrap();
        assert_eq!(leap.to_proto(), at(59, 999_999_999));
    }

    #[test]
    fn a_time_of_another_zone_is_the_same_instant() {
        let offset = time::UtcOffset::from_hms(5, 30, 0).unwrap();
        let local = time::OffsetDateTime::UNIX_EPOCH.to_offset(offset);
        assert_eq!(local.to_proto(), at(0, 0));
    }
}
