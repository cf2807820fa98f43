//! Money in Chinese capitals (中文大写金额), as bills and contracts write it so that no digit can be altered.
//!
//! After the People's Bank of China's rules for filling in bills (支付结算办法 银发〔1997〕393号, 附一 正确填写票据和结算凭证的基本规定):
//! - an amount of whole yuan ends with 整; one that ends with jiao need not, and does not here, as in the rules' own examples;
//!   one with fen must not;
//! - zeros inside the figures are read as one 零, however many they are;
//! - where the rules leave a 零 open, their first example is followed: a zero at the yuan before jiao is read (¥1,680.32 is
//!   壹仟陆佰捌拾元零叁角贰分), a zero at the ten-thousands before thousands is not (¥107,000.53 is 壹拾万柒仟元零伍角叁分).
//!
//! Numbers of 10^16 yuan and more are read with a second 亿 (亿亿). A negative amount begins with 负.

use super::Money;

const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
const PLACES: [(u64, &str); 4] = [(1000, "仟"), (100, "佰"), (10, "拾"), (1, "")];
const YI: u64 = 100_000_000;
const WAN: u64 = 10_000;

impl Money {
    /// The amount in Chinese capitals (大写), without the leading 人民币: 1,234.56 is 壹仟贰佰叁拾肆元伍角陆分.
    pub fn capitals(self) -> String {
        let size = self.fen().unsigned_abs();
        let (yuan, jiao, fen) = (size / 100, size / 10 % 10, size % 10);
        let mut text = String::new();
        if self.is_negative() {
            text.push('负');
        }
        if yuan > 0 {
            whole(yuan, &mut text);
            text.push('元');
        }
        match (jiao, fen) {
            (0, 0) if yuan == 0 => text.push_str("零元整"),
            (0, 0) => text.push('整'),
            _ => {
                let zero_before = jiao == 0 || yuan % 10 == 0;
                if yuan > 0 && zero_before {
                    text.push('零');
                }
                if jiao > 0 {
                    text.push_str(digit(jiao));
                    text.push('角');
                }
                if fen > 0 {
                    text.push_str(digit(fen));
                    text.push('分');
                }
            }
        }
        text
    }
}

/// Writes a whole number above zero: what is above 亿, then what is above 万, then the last four digits.
fn whole(number: u64, text: &mut String) {
    for (unit, name) in [(YI, "亿"), (WAN, "万")] {
        if number >= unit {
            let rest = number % unit;
            whole(number / unit, text);
            text.push_str(name);
            // The rest has a zero in its first place: the gap is read once.
            if rest > 0 && rest < unit / 10 {
                text.push('零');
            }
            if rest > 0 {
                whole(rest, text);
            }
            return;
        }
    }
    four(number, text);
}

/// Writes one to four digits, inner zeros once.
fn four(number: u64, text: &mut String) {
    let (mut begun, mut gap) = (false, false);
    for (place, name) in PLACES {
        let value = number / place % 10;
        if value == 0 {
            gap = begun;
            continue;
        }
        if gap {
            text.push('零');
            gap = false;
        }
        begun = true;
        text.push_str(digit(value));
        text.push_str(name);
    }
}

fn digit(value: u64) -> &'static str {
    DIGITS[usize::try_from(value % 10).expect("a digit is below 10")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_bank_rules_own_examples() {
        for (yuan, capitals) in [
            ("1,409.50", "壹仟肆佰零玖元伍角"),
            ("6,007.14", "陆仟零柒元壹角肆分"),
            ("1,680.32", "壹仟陆佰捌拾元零叁角贰分"),
            ("107,000.53", "壹拾万柒仟元零伍角叁分"),
            ("16,409.02", "壹万陆仟肆佰零玖元零贰分"),
            ("325.04", "叁佰贰拾伍元零肆分"),
        ] {
            assert_eq!(Money::parse_yuan(yuan).unwrap().capitals(), capitals);
        }
    }

    #[test]
    fn zeros_units_and_signs() {
        for (yuan, capitals) in [
            ("0", "零元整"),
            ("0.05", "伍分"),
            ("0.50", "伍角"),
            ("0.56", "伍角陆分"),
            ("1", "壹元整"),
            ("10", "壹拾元整"),
            ("10.01", "壹拾元零壹分"),
            ("1234.56", "壹仟贰佰叁拾肆元伍角陆分"),
            ("-1234.56", "负壹仟贰佰叁拾肆元伍角陆分"),
            ("100", "壹佰元整"),
            ("1001", "壹仟零壹元整"),
            ("10000", "壹万元整"),
            ("10001", "壹万零壹元整"),
            ("10010", "壹万零壹拾元整"),
            ("100100", "壹拾万零壹佰元整"),
            ("1000000", "壹佰万元整"),
            ("15000000", "壹仟伍佰万元整"),
            ("100000000", "壹亿元整"),
            ("100000001", "壹亿零壹元整"),
            ("100010000", "壹亿零壹万元整"),
            ("110010001", "壹亿壹仟零壹万零壹元整"),
            ("1000000000000", "壹万亿元整"),
            ("92233720368547758.07", "玖亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零柒分"),
        ] {
            assert_eq!(Money::parse_yuan(yuan).unwrap().capitals(), capitals, "{yuan}");
        }
        assert!(Money::from_fen(i64::MIN).capitals().starts_with("负玖亿"));
    }

    /// The naive twin: reads capitals back into fen with a grammar that knows nothing of how they were written.
    fn read(text: &str) -> i128 {
        let (sign, text) = text.strip_prefix('负').map_or((1, text), |rest| (-1, rest));
        let (mut total, mut upto_yi, mut section, mut last) = (0i128, 0i128, 0i128, 0i128);
        let mut fen = 0;
        for c in text.chars() {
            if let Some(value) = DIGITS.iter().position(|d| d.starts_with(c)) {
                last = i128::try_from(value).unwrap();
                continue;
            }
            match c {
                '仟' => section += last * 1000,
                '佰' => section += last * 100,
                '拾' => section += last * 10,
                '万' => upto_yi = (upto_yi + section + last) * 10_000,
                '亿' => {
                    total = (total + upto_yi + section + last) * 100_000_000;
                    upto_yi = 0;
                }
                '元' => fen = (total + upto_yi + section + last) * 100,
                '角' => fen += last * 10,
                '分' => fen += last,
                '整' => {}
                other => panic!("unknown sign {other}"),
            }
            if "万亿元".contains(c) {
                section = 0;
            }
            last = 0;
        }
        sign * fen
    }

    fn amounts() -> impl Strategy<Value = i64> {
        // Even chances for every length, and many zeros inside, which is where mistakes live.
        (any::<i64>(), 0u32..19, prop::collection::vec(0u32..19, 0..10)).prop_map(|(amount, digits, zeros)| {
            let mut amount = amount % 10i64.pow(digits);
            for place in zeros {
                let unit = 10i64.pow(place);
                amount -= amount / unit % 10 * unit;
            }
            amount
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn capitals_read_back(amount in amounts()) {
            let text = Money::from_fen(amount).capitals();
            prop_assert_eq!(read(&text), i128::from(amount), "{}", text);
        }

        #[test]
        fn no_zero_is_doubled_or_out_of_place(amount in amounts()) {
            let text = Money::from_fen(amount).capitals();
            for wrong in ["零零", "零万", "零亿", "零角", "零分", "零整", "万万", "亿万"] {
                prop_assert!(!text.contains(wrong), "{} in {}", wrong, text);
            }
            prop_assert!(amount == 0 || !text.contains("零元"), "{}", text);
            prop_assert_eq!(text.ends_with('整'), amount % 100 == 0, "{}", text);
            prop_assert_eq!(text.ends_with('分'), amount % 10 != 0, "{}", text);
        }
    }
}
