//! Keyreeve's rules: keys, versions, states, policies, audit events, and the ports the rules need.
