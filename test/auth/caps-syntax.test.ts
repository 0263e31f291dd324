import assert from 'node:assert/strict'
import { capsProblem } from '../../src/auth/caps-syntax.ts'

// What `ceph auth get-or-create client.x SERVICE TEXT` of 16.2.15 accepted.
const ACCEPTED: readonly (readonly [service: string, text: string])[] = [
  ['osd', 'allow class foo'],
  ['osd', 'allow class foo bar'],
  ['osd', 'allow rwx pool=a'],
  ['osd', ' allow rwx '],
  ['osd', 'profile rbd pool=x, allow r'],
  ['osd', 'profile rbd-read-only namespace=x'],
  ['osd', 'allow rw tag cephfs *=*'],
  ['osd', 'allow rwx pool a object_prefix b, allow r class-read'],
  ['osd', 'allow class-read class-write'],
  ['osd', 'allow pool=x rwx'],
  ['osd', 'allow *'],
  ['osd', 'allow all'],
  ['osd', 'allow rw pool=a namespace=b*, allow *'],
  ['osd', 'allow r network 1.2.3.4/8'],
  ['mds', 'allow'],
  ['mds', 'allow rw path=/foo, allow r'],
  ['mds', 'allow rwp fsname=a path=/b root_squash'],
  ['mds', 'allow rw fsname=a root_squash'],
  ['mds', 'allow r uid=1 gids=1,2'],
  ['mds', ' allow r '],
  ['mds', 'allow *  path=/a'],
  ['mds', 'allow r path=/a uid=1 network 1.2.3.4/8'],
  ['mgr', 'profile osd'],
  ['mgr', 'profile osd x=y'],
  ['mgr', 'profile crash'],
  ['mgr', 'profile rbd pool=x'],
  ['mgr', 'profile rbd pool=x namespace=y'],
  ['mgr', 'allow module x with a=b rw'],
  ['mgr', 'allow rwx network 1.2.3.4/8'],
  ['mon', 'allow r network 10.0.0.0'],
  ['mon', 'profile foo'],
]

// What it refused with EINVAL, and in which words.
const REFUSED: readonly (readonly [service: string, text: string, words: string])[] = [
  ['osd', 'allow rwx foo', "osd capability parse failed, stopped at 'foo' of 'allow rwx foo'"],
  ['osd', 'alow', "osd capability parse failed, stopped at 'alow' of 'alow'"],
  ['osd', '', "osd capability parse failed, stopped at '' of ''"],
  ['osd', '  alow ', "osd capability parse failed, stopped at 'alow ' of '  alow '"],
  ['osd', '  allow r, foo  ', "osd capability parse failed, stopped at ', foo  ' of '  allow r, foo  '"],
  [
    'osd',
    "allow rwx namespace='' pool=a",
    "osd capability parse failed, stopped at 'pool=a' of 'allow rwx namespace='' pool=a'",
  ],
  ['osd', 'allow wr', "osd capability parse failed, stopped at 'r' of 'allow wr'"],
  ['osd', 'allow r w', "osd capability parse failed, stopped at 'w' of 'allow r w'"],
  ['mds', 'allow foo', "mds capability parse failed, stopped at 'allow foo' of 'allow foo'"],
  ['mds', '  alow ', "mds capability parse failed, stopped at 'alow ' of '  alow '"],
  ['mds', 'allow r x  ', "mds capability parse failed, stopped at 'x  ' of 'allow r x  '"],
  [
    'mds',
    'allow r , allow r ; allow w',
    "mds capability parse failed, stopped at '; allow w' of 'allow r , allow r ; allow w'",
  ],
  ['mds', 'allow rwx', "mds capability parse failed, stopped at 'x' of 'allow rwx'"],
  [
    'mds',
    'allow rw uid=99999999999',
    "mds capability parse failed, stopped at 'uid=99999999999' of 'allow rw uid=99999999999'",
  ],
  ['mgr', 'allow', "mgr capability parse failed, stopped at 'allow' of 'allow'"],
  ['mgr', 'allow r,', "mgr capability parse failed, stopped at ',' of 'allow r,'"],
  [
    'mgr',
    'profile rbd-read-only namespace',
    "mgr capability parse failed, stopped at 'namespace' of 'profile rbd-read-only namespace'",
  ],
  ['mgr', 'profile foo', "mgr capability parse failed during profile evaluation: unrecognized profile 'foo'"],
  [
    'mgr',
    'profile rbd foo=x',
    "mgr capability parse failed during profile evaluation: profile 'rbd' does not recognize key 'foo'",
  ],
  [
    'mgr',
    'profile rbd pool=x, profile foo, profile rbd a=b',
    "mgr capability parse failed during profile evaluation: unrecognized profile 'foo'profile 'rbd' does not recognize key 'a'",
  ],
  ['mon', 'allow', "mon capability parse failed, stopped at 'allow' of 'allow'"],
  ['mon', 'alow r', "mon capability parse failed, stopped at 'alow r' of 'alow r'"],
  ['foo', 'allow r', "unknown cap type 'foo'"],
]

describe('syntax of capabilities', () => {
  for (const [service, text] of ACCEPTED)
    it(`${service} '${text}' is accepted`, () => {
      assert.equal(capsProblem(service, text), undefined)
    })

  for (const [service, text, words] of REFUSED)
    it(`${service} '${text}' is refused in Ceph's words`, () => {
      assert.equal(capsProblem(service, text), words)
    })

  it('only monitor capabilities are checked when validation is off', () => {
    assert.equal(capsProblem('osd', 'alow', false), undefined)
    assert.equal(capsProblem('foo', 'allow r', false), undefined)
    assert.notEqual(capsProblem('mon', 'alow', false), undefined)
  })
})
