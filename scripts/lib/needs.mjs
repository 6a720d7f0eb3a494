// What Keyreeve needs from the machine, and why. setup.mjs looks for it, says what is missing and installs it.

/** Debian packages without which the window does not build. */
export const buildPackages = [
  ["build-essential", "the C compiler and linker for the cryptography and the database"],
  ["pkg-config", "finds the libraries below"],
  ["libssl-dev", "libcrypto, which encrypts the database's pages"],
  ["libpcsclite-dev", "the client of the smartcard service"],
  ["libwebkit2gtk-4.1-dev", "the web view that shows the window"],
];

/** Debian packages that only the tests use. */
export const testPackages = [
  ["xvfb", "a screen without a screen, for the tests of the window"],
  ["webkit2gtk-driver", "drives the window in its tests"],
  ["xdotool", "a keyboard on that screen, for what is typed in secret"],
  ["xclip", "reads that screen's clipboard"],
  ["dbus-daemon", "a bus of the tests' own, by which a second start of the window reaches the first"],
  ["fonts-dejavu-core", "a monospace face, which a machine without a desktop lacks"],
  ["age", "the stock program that opens Keyreeve's backups"],
  ["openssl", "the stock program that reads exported keys"],
  ["openssh-client", "ssh-keygen, which reads exported keys"],
  ["default-jre-headless", "keytool, whose keystores are read"],
  ["putty-tools", "puttygen, whose keys are read"],
  ["minisign", "whose keys are read"],
  ["signify-openbsd", "signify, whose keys are read"],
  ["gnupg", "gpg, which makes and reads OpenPGP keys"],
  ["wireguard-tools", "wg, which makes and reads WireGuard's keys"],
  ["tar", "opens what age decrypted"],
  ["pcscd", "the smartcard service, for the tests with smartcards"],
  ["vsmartcard-vpcd", "a virtual reader for it"],
  ["libclang-dev", "reads the C headers of the virtual cards' file system"],
  ["iproute2", "gives a test's own network its loopback"],
  ["scdaemon", "GnuPG's program for smartcards, which holds a card while the tests want it"],
  ["dbus", "a session bus of a test's own"],
  ["gnome-keyring", "a real keyring, for the slots that it keeps"],
  ["python3", "runs the independent reader of the vault's format"],
  ["python3-venv", "keeps that reader's packages apart from the system's"],
];

/** Tools of Rust's own registry that only the tests use, with the version that is known to work. */
export const cargoTools = [
  ["cargo-deny", "0.19.9", "checks licences, sources and known vulnerabilities of the dependencies"],
  ["cargo-machete", "0.9.2", "finds dependencies that nothing uses"],
];

/** The tool that writes down what is in the programs; only the bundle uses it. */
export const sbomTool = ["cargo-cyclonedx", "0.5.9", "lists the parts of a program", ["cyclonedx"]];

/** The tool that changes the code to see whether a test notices; only `npm run mutants` uses it. */
export const mutantsTool = ["cargo-mutants", "27.1.0", "tells which code no test holds", ["mutants"]];

/** Parts of the Rust toolchain that only the tests use. */
export const rustComponents = ["rustfmt", "clippy"];

export const oldestNode = [20, 19];
export const oldestRust = [1, 95];
