//! The stacks of threads, which keep what was last on them.

use std::hint::black_box;

/// Further down than this no command reaches with a secret in its hands.
const DEPTH: usize = 512 * 1024;

/// Does `work` and then wipes the part of the stack that it used. A key that is moved leaves a copy behind, and the
/// thread goes on to other work, or waits for some, with all of it still there.
pub fn wiped_after<T>(work: impl FnOnce() -> T) -> T {
    let done = apart(work);
    wipe();
    done
}

/// In a frame of its own, which has ended when the wiping begins.
#[inline(never)]
fn apart<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[inline(never)]
fn wipe() {
    black_box(&mut [0_u8; DEPTH]);
}
