import { describe, expect, test } from "vitest";
import { mayCall } from "../../src/consoles/address.ts";

/** Addresses that may be called from anywhere. */
const PUBLIC = [
  "https://console.example.com/hooks",
  "https://console.example.com:8443/hooks?product=vserver#part",
  "https://CONSOLE.EXAMPLE.COM",
  "https://console.example.com./hooks",
  "https://console.vn",
  "https://xn--mychch-yta7j.vn/hooks",
  "https://máychủ.vn/hooks",
  "https://10.0.0.1.example.com/",
  "https://localhost.example.com/",
  "https://internal.example.com/",
  "https://mylocal.example.com/",
  "https://8.8.8.8/hooks",
  "https://172.15.255.255/",
  "https://172.32.0.1/",
  "https://100.63.255.255/",
  "https://192.167.255.255/",
  "https://[2606:4700:4700::1111]/hooks",
  "https://[2a00:1450:4001::1]:8443/",
];

/** Machines of somebody's own network, or of nobody's, however they are spelled. */
const SPECIAL = {
  "private IPv4": [
    "https://10.0.0.1/",
    "https://10.255.255.255/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.168.0.1/",
    "https://100.64.0.1/",
    "https://100.127.255.255/",
  ],
  "the metadata service": [
    "https://169.254.169.254/latest/meta-data",
    "https://169.254.169.254./",
    "https://2852039166/",
    "https://0xa9fea9fe/",
    "https://0251.0376.0251.0376/",
    "https://[::ffff:169.254.169.254]/",
    "https://[fd00:ec2::254]/",
    "https://metadata.google.internal/",
    "https://metadata.google.internal./",
    "https://instance-data/",
  ],
  "reserved, documentation, benchmark, multicast and broadcast IPv4": [
    "https://0.0.0.0/",
    "https://0.1.2.3/",
    "https://192.0.0.1/",
    "https://192.0.2.1/",
    "https://198.18.0.1/",
    "https://198.51.100.1/",
    "https://203.0.113.1/",
    "https://224.0.0.1/",
    "https://239.255.255.255/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
  ],
  "private and special IPv6": [
    "https://[::]/",
    "https://[fc00::1]/",
    "https://[fd12:3456::1]/",
    "https://[fe80::1]/",
    "https://[febf::1]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://[100::1]/",
    "https://[2001:db8::1]/",
    "https://[3fff::1]/",
    "https://[5f00::1]/",
  ],
  "IPv4 inside IPv6": [
    "https://[::ffff:10.0.0.1]/",
    "https://[::ffff:a00:1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::127.0.0.1]/",
    "https://[::10.0.0.1]/",
    "https://[::ffff:0:10.0.0.1]/",
    "https://[64:ff9b::10.0.0.1]/",
    "https://[2002:a00:1::]/",
    "https://[2001::1]/",
  ],
  "names of somebody's own network": [
    "https://printer.local/",
    "https://printer.LOCAL/",
    "https://printer.local./",
    "https://printer.local../",
    "https://db.internal/",
    "https://db.internal.:8443/",
    "https://router.lan/",
    "https://wiki.intranet/",
    "https://nas.home.arpa/",
    "https://app.localhost/",
    "https://billing/",
    "https://billing./",
    "https://billing../",
  ],
};

/** This machine, which only a sandbox may call. */
const LOOPBACK = [
  "https://localhost/",
  "https://localhost:8787/hooks",
  "https://LOCALHOST/",
  "https://ⓛocalhost/",
  "https://127.0.0.1/",
  "https://127.1/",
  "https://2130706433/",
  "https://0x7f000001/",
  "https://0x7f.0.0.1/",
  "https://0177.0.0.1/",
  "https://017700000001/",
  "https://１２７.0.0.1/",
  "https://127。0。0。1/",
  "https://%31%32%37.0.0.1/",
  "https://[::1]/",
  "https://[0:0:0:0:0:0:0:1]/",
];

/** More of this machine, which nobody needs to call. */
const ODD_LOOPBACK = [
  "https://localhost./",
  "https://localhost../",
  "https://127.0.0.2/",
  "https://[::ffff:127.0.0.1]/",
];

const NEVER = {
  "with a name or password in it": [
    "https://user@console.example.com/",
    "https://user:secret@console.example.com/",
    "https://:secret@console.example.com/",
    "https://console.example.com@10.0.0.1/",
    "https://user@localhost/",
  ],
  "by another protocol": [
    "ftp://console.example.com/",
    "ws://console.example.com/",
    "wss://console.example.com/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/plain,hello",
    "ftp://localhost/",
  ],
  "that are no addresses": [
    "",
    "console.example.com",
    "/hooks",
    "https://",
    "https://1.2.3.4.5/",
    "https://a b/",
  ],
};

const overHttp = (addresses: readonly string[]) =>
  addresses.map((address) => address.replace(/^https:/, "http:"));

const called = (addresses: readonly string[], isSandbox: boolean) =>
  addresses.filter((address) => mayCall(address, isSandbox));

describe("outside of a sandbox", () => {
  test("public addresses may be called", () => {
    expect(called(PUBLIC, false)).toEqual(PUBLIC);
  });

  test("this machine may not be called, however it is spelled", () => {
    expect(called([...LOOPBACK, ...ODD_LOOPBACK], false)).toEqual([]);
  });

  test("nothing may be called that isn't https", () => {
    expect(called(overHttp([...PUBLIC, ...LOOPBACK]), false)).toEqual([]);
  });
});

describe("in a sandbox", () => {
  test("this machine may be called, over http or https", () => {
    const both = [...LOOPBACK, ...overHttp(LOOPBACK)];
    expect(called(both, true)).toEqual(both);
  });

  test("public addresses may be called, but over https alone", () => {
    expect(called([...PUBLIC, ...overHttp(PUBLIC)], true)).toEqual(PUBLIC);
  });
});

describe.each([
  ["outside of a sandbox", false],
  ["in a sandbox", true],
] as const)("%s", (_, isSandbox) => {
  test.each(Object.entries(SPECIAL))("%s may not be called", (_, addresses) => {
    expect(called([...addresses, ...overHttp(addresses)], isSandbox)).toEqual([]);
  });

  test.each(Object.entries(NEVER))("addresses %s may not be called", (_, addresses) => {
    expect(called(addresses, isSandbox)).toEqual([]);
  });
});
