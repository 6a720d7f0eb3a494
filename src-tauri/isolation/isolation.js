// Every message from the interface to the core passes through this frame, which shares nothing with the interface:
// no dependency of the interface can reach in here. It lets through what Keyreeve uses and nothing else.
window.__TAURI_ISOLATION_HOOK__ = (message) => {
  const command = message?.cmd;
  const ours = typeof command === "string" && /^[a-z][a-z0-9_]*$/.test(command);
  const platform =
    command === "plugin:event|listen" ||
    command === "plugin:event|unlisten" ||
    command === "plugin:dialog|open" ||
    command === "plugin:dialog|save";
  // A message that is dropped here would leave its sender waiting for ever. Under this name the core answers that there
  // is no such permission.
  return ours || platform ? message : { ...message, cmd: "refused_by_isolation", payload: {} };
};
