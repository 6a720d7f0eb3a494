export function installBrowserCore(): void {}
