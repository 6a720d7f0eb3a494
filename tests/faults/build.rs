//! Compiles the library that is put between the program under test and the disk.

use std::path::Path;
use std::process::Command;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=trap/trap.c");
    let target = |part: &str| std::env::var(format!("CARGO_CFG_TARGET_{part}")).unwrap_or_default();
    if (target("OS").as_str(), target("ARCH").as_str()) != ("linux", "x86_64") {
        return Ok(());
    }
    let library = Path::new(&std::env::var("OUT_DIR")?).join("trap.so");
    let compiler = cc::Build::new().opt_level(2).get_compiler();
    let mut command: Command = compiler.to_command();
    command.args(["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o"]);
    if !command.arg(&library).arg("trap/trap.c").status()?.success() {
        return Err("trap/trap.c does not compile".into());
    }
    println!("cargo:rustc-env=TRAP_LIBRARY={}", library.display());
    Ok(())
}
