import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConnectorError } from '../connector.ts';
import { createEgress, isPublicAddress } from './egress.ts';

const ALLOWED = ['https://graph.microsoft.com', 'https://*.five9.com', 'https://odd.test:8443'];

const GOOD = [
  'https://graph.microsoft.com/v1.0/users',
  'https://GRAPH.microsoft.com:443/',
  'https://app.five9.com/',
  'https://app-atl.dc.five9.com/x?y#z',
  'https://odd.test:8443/',
];

const BAD = [
  'http://graph.microsoft.com/',
  'https://graph.microsoft.com:8443/',
  'https://graph.microsoft.com./',
  'https://graph.microsoft.com@evil.test/',
  'https://user:pass@graph.microsoft.com/',
  'https://user@graph.microsoft.com/',
  'https://evil.test/graph.microsoft.com',
  'https://evil.test?https://graph.microsoft.com',
  'https://evil.test#graph.microsoft.com',
  'https://graph.microsoft.com.evil.test/',
  'https://xgraph.microsoft.com/',
  'https://x.graph.microsoft.com/',
  'https://gr\u0430ph.microsoft.com/',
  'https://graph.microsoft.com%2eevil.test/',
  'https://evil.test\\@graph.microsoft.com/',
  'https://five9.com/',
  'https://.five9.com/',
  'https://xfive9.com/',
  'https://app.five9.com.evil.test/',
  'https://app.five9.com:8443/',
  'http://app.five9.com/',
  'https://app.five9.com./',
  'https://odd.test/',
  'http://odd.test:8443/',
  'https://127.0.0.1/',
  'https://0x7f000001/',
  'https://0177.0.0.1/',
  'https://2130706433/',
  'https://127.1/',
  'https://[::1]/',
  'https://[::ffff:7f00:1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://169.254.169.254/latest/meta-data',
  'https://metadata.google.internal/',
  'https://localhost/',
  'ftp://graph.microsoft.com/',
  'file:///etc/passwd',
  'data:text/plain,x',
  'javascript:0',
  'wss://graph.microsoft.com/',
];

const PRIVATE = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'ff02::1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  'not an address',
  '',
];

describe('the egress list', () => {
  const egress = createEgress({ allowed: ALLOWED });

  it('permits what it names', () => {
    for (const url of GOOD) assert.equal(egress.permits(new URL(url)), true, url);
  });

  it('refuses everything else, however it is written', () => {
    for (const url of BAD) {
      const permitted = URL.canParse(url) && egress.permits(new URL(url));
      assert.equal(permitted, false, url);
    }
  });

  it('connects a listed name to public addresses only', () => {
    for (const address of PRIVATE) {
      assert.equal(isPublicAddress(address), false, address);
      assert.equal(egress.accepts('graph.microsoft.com', address), false, address);
    }
    for (const address of ['20.190.128.1', '8.8.8.8', '2603:1030::1', '172.32.0.1']) {
      assert.equal(egress.accepts('graph.microsoft.com', address), true, address);
    }
    assert.equal(egress.accepts('localhost', '127.0.0.1'), true);
  });

  it('lets a closed test network through only when told so', () => {
    const open = createEgress({ allowed: ['http://double:8080'], privateAddresses: 'allow' });
    assert.equal(open.permits(new URL('http://double:8080/x')), true);
    assert.equal(open.accepts('double', '10.0.0.7'), true);
  });

  it('names the pattern that is wrong and says how to write it', () => {
    for (const pattern of [
      'graph.microsoft.com',
      'http://graph.microsoft.com',
      'https://graph.microsoft.com/v1.0',
      'https://*.com',
      'https://*',
      'ftp://graph.microsoft.com',
      '',
    ]) {
      assert.throws(
        () => createEgress({ allowed: [pattern] }),
        (error: unknown) =>
          error instanceof ConnectorError &&
          error.message.includes(JSON.stringify(pattern)) &&
          error.fix.includes('https://host'),
        pattern,
      );
    }
  });
});
