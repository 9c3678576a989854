//! How many connections each address has.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::listener::ListenerLimits;

/// Counts connections by address. An IPv6 network of 64 bits counts as one
/// address: a customer gets no less.
#[derive(Clone)]
pub(crate) struct Addresses {
    most: usize,
    count_loopback: bool,
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// A connection that is counted until this is dropped.
pub(crate) struct Entered {
    counted: Option<(Addresses, IpAddr)>,
}

impl Addresses {
    pub(crate) fn new(limits: &ListenerLimits) -> Self {
        Self {
            most: limits.connections_per_address,
            count_loopback: limits.count_loopback,
            open: Arc::default(),
        }
    }

    /// `None` for a connection too many.
    pub(crate) fn enter(&self, address: IpAddr) -> Option<Entered> {
        let address = network(address);
        if self.most == 0 || (address.is_loopback() && !self.count_loopback) {
            return Some(Entered { counted: None });
        }
        let mut open = self.open.lock();
        let count = open.entry(address).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        let counted = Some((self.clone(), address));
        Some(Entered { counted })
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let Some((addresses, address)) = &self.counted else {
            return;
        };
        let mut open = addresses.open.lock();
        if let Some(count) = open.get_mut(address) {
            *count -= 1;
            if *count == 0 {
                open.remove(address);
            }
        }
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => {
            let prefix = address.to_bits() & !u128::from(u64::MAX);
            IpAddr::V6(prefix.into())
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::Addresses;
    use crate::listener::ListenerLimits;

    fn addresses(connections_per_address: usize, count_loopback: bool) -> Addresses {
        Addresses::new(&ListenerLimits {
            connections_per_address,
            count_loopback,
            ..ListenerLimits::default()
        })
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn each_address_has_its_own_number() {
        let addresses = addresses(2, false);
        let first = addresses.enter(ip("192.0.2.1"));
        let second = addresses.enter(ip("::ffff:192.0.2.1"));
        assert!(first.is_some() && second.is_some());
        assert!(addresses.enter(ip("192.0.2.1")).is_none());
        let other = addresses.enter(ip("192.0.2.2"));
        assert!(other.is_some());
        drop(first);
        assert!(addresses.enter(ip("192.0.2.1")).is_some());
        drop((second, other));
        assert!(addresses.open.lock().is_empty());
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        let addresses = addresses(1, false);
        let one = addresses.enter(ip("2001:db8::1"));
        assert!(one.is_some());
        assert!(addresses.enter(ip("2001:db8::ffff:1")).is_none());
        assert!(addresses.enter(ip("2001:db8:0:1::1")).is_some());
    }

    #[test]
    fn this_machine_counts_where_it_is_told_to() {
        let free = addresses(1, false);
        let all: Vec<_> = (0..9).map(|_| free.enter(ip("127.0.0.1"))).collect();
        assert!(all.iter().all(Option::is_some));
        let counted = addresses(1, true);
        let one = counted.enter(ip("::1"));
        assert!(one.is_some() && counted.enter(ip("::1")).is_none());
        let unlimited = addresses(0, true);
        assert!(unlimited.enter(ip("::1")).is_some());
    }
}
