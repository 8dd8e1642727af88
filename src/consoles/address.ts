import ipaddr from "ipaddr.js";

/** Names that mean a machine of somebody's own network. */
const PRIVATE_SUFFIXES = [".local", ".internal", ".localhost", ".home.arpa", ".lan", ".intranet"];
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Whether a product's calls may go to an address: https, and no private, loopback or otherwise special target; a
 * sandbox may also call its own machine. Redirects aren't followed, so this is all that is ever called.
 */
export function mayCall(address: string, isSandbox: boolean): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== "" || password !== "") return false;
  if (isSandbox && LOOPBACK.includes(hostname)) return protocol === "http:" || protocol === "https:";
  return protocol === "https:" && isPublic(hostname);
}

function isPublic(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").replace(/\.+$/, "");
  if (ipaddr.isValid(host)) return isPublicIp(ipaddr.parse(host));
  return host.includes(".") && !PRIVATE_SUFFIXES.some((suffix) => host.endsWith(suffix));
}

/** The old IPv4-compatible form (::10.0.0.1) hides an IPv4 address in what else looks like a public one. */
function isPublicIp(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  const hidesIPv4 = address instanceof ipaddr.IPv6 && address.parts.slice(0, 6).every((part) => part === 0);
  return !hidesIPv4 && address.range() === "unicast";
}
