//! The 34 province-level regions (省级行政区), after GB/T 2260 中华人民共和国行政区划代码.

/// A province-level region: province, autonomous region, municipality or special administrative region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Province {
    /// Two digits of GB/T 2260.
    pub code: &'static str,
    /// Full name in Chinese.
    pub zh: &'static str,
    /// Name in English.
    pub en: &'static str,
}

impl Province {
    /// The province of a two-digit code; none where there is none.
    pub fn by_code(code: &str) -> Option<&'static Self> {
        PROVINCES.iter().find(|province| province.code == code)
    }
}

const fn province(code: &'static str, zh: &'static str, en: &'static str) -> Province {
    Province { code, zh, en }
}

/// All province-level regions, by code.
pub const PROVINCES: [Province; 34] = [
    province("11", "北京市", "Beijing"),
    province("12", "天津市", "Tianjin"),
    province("13", "河北省", "Hebei"),
    province("14", "山西省", "Shanxi"),
    province("15", "内蒙古自治区", "Inner Mongolia"),
    province("21", "辽宁省", "Liaoning"),
    province("22", "吉林省", "Jilin"),
    province("23", "黑龙江省", "Heilongjiang"),
    province("31", "上海市", "Shanghai"),
    province("32", "江苏省", "Jiangsu"),
    province("33", "浙江省", "Zhejiang"),
    province("34", "安徽省", "Anhui"),
    province("35", "福建省", "Fujian"),
    province("36", "江西省", "Jiangxi"),
    province("37", "山东省", "Shandong"),
    province("41", "河南省", "Henan"),
    province("42", "湖北省", "Hubei"),
    province("43", "湖南省", "Hunan"),
    province("44", "广东省", "Guangdong"),
    province("45", "广西壮族自治区", "Guangxi"),
    province("46", "海南省", "Hainan"),
    province("50", "重庆市", "Chongqing"),
    province("51", "四川省", "Sichuan"),
    province("52", "贵州省", "Guizhou"),
    province("53", "云南省", "Yunnan"),
    province("54", "西藏自治区", "Xizang"),
    province("61", "陕西省", "Shaanxi"),
    province("62", "甘肃省", "Gansu"),
    province("63", "青海省", "Qinghai"),
    province("64", "宁夏回族自治区", "Ningxia"),
    province("65", "新疆维吾尔自治区", "Xinjiang"),
    province("71", "台湾省", "Taiwan"),
    province("81", "香港特别行政区", "Hong Kong"),
    province("82", "澳门特别行政区", "Macao"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_rise_and_are_found() {
        assert!(PROVINCES.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert!(PROVINCES.iter().all(|province| Province::by_code(province.code) == Some(province)));
        assert_eq!(Province::by_code("5"), None);
        assert_eq!(Province::by_code("83"), None);
    }
}
