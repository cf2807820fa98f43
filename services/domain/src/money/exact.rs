//! Exact multiplication and division wider than 128 bits, the one place where money is multiplied.

/// `a * b / c` as whole quotient and remainder, exactly.
///
/// Needs `b <= c` (so the quotient is at most `a` and fits) and `0 < c <= 2^126` (so that doubling a remainder fits). Works as
/// on paper, a binary digit of `a` at a time: after each, `q` and `r` are quotient and remainder of the digits so far.
pub(super) fn mul_div_rem(a: u64, b: u128, c: u128) -> (u64, u128) {
    assert!(c > 0 && c <= 1 << 126 && b <= c, "mul_div_rem outside its range");
    let (mut q, mut r) = (0u64, 0u128);
    for digit in (0..u64::BITS).rev() {
        q <<= 1;
        r <<= 1;
        if r >= c {
            r -= c;
            q += 1;
        }
        if (a >> digit) & 1 == 1 {
            r += b;
            if r >= c {
                r -= c;
                q += 1;
            }
        }
    }
    debug_assert!(r < c && q <= a);
    (q, r)
}

#[cfg(test)]
mod tests {
    use super::mul_div_rem;
    use proptest::prelude::*;

    #[test]
    fn whole_and_edges() {
        assert_eq!(mul_div_rem(u64::MAX, 1 << 126, 1 << 126), (u64::MAX, 0));
        assert_eq!(mul_div_rem(7, 1, 3), (2, 1));
        assert_eq!(mul_div_rem(0, 1, 3), (0, 0));
        assert_eq!(mul_div_rem(9, 0, 3), (0, 0));
    }

    proptest! {
        #[test]
        fn agrees_with_plain_arithmetic(a in any::<u64>(), b in any::<u64>(), c in 1u64..) {
            let (b, c) = (u128::from(b.min(c)), u128::from(c));
            let product = u128::from(a) * b;
            prop_assert_eq!(mul_div_rem(a, b, c), (u64::try_from(product / c).unwrap(), product % c));
        }

        /// Beyond 128 bits: q * c + r must be a * b, checked modulo 2^128.
        #[test]
        fn gives_the_product_back(a in any::<u64>(), b in 0u128..=1 << 126, c in 1u128..=1 << 126) {
            let b = b.min(c);
            let (q, r) = mul_div_rem(a, b, c);
            prop_assert!(r < c);
            prop_assert_eq!(u128::from(q).wrapping_mul(c).wrapping_add(r), u128::from(a).wrapping_mul(b));
        }
    }
}
