#!/usr/bin/env python3
"""Checks a proof made by `pricing audit prove`: check-proof.py proof.json [HEAD]. Exit code 0: it holds, 1: it does not. Python alone is enough."""
import hashlib, json, struct, sys, uuid
def sha(data): return hashlib.sha256(data).digest()
def need(holds, otherwise):
    if not holds: raise ValueError(otherwise)
def root_of(payload, index, count, path):  # RFC 9162, 2.1.3.2; the payload of a record begins with byte 0
    node, last = sha(payload), count - 1
    need(payload[0] == 0 and 0 <= index <= last, "the record has no place in the tree")
    for sibling in path:
        need(last > 0 and len(sibling) == 32, "the path is too long")
        if index % 2 or index == last:
            node = sha(b"\1" + sibling + node)
            while index % 2 == 0 and index: index, last = index >> 1, last >> 1
        else:
            node = sha(b"\1" + node + sibling)
        index, last = index >> 1, last >> 1
    need(last == 0, "the path is too short")
    return node
def varint(data, at, value=0, shift=0):
    while data[at] > 127: value, shift, at = value | (data[at] & 127) << shift, shift + 7, at + 1
    return value | data[at] << shift, at + 1
def text(data, at):
    form, at = varint(data, at)
    if form < 2: return (data[at:at + 16].hex() if form == 0 else str(uuid.UUID(bytes=data[at:at + 16]))), at + 16
    return data[at:at + form - 2].decode(), at + form - 2
def id_of(payload):
    if payload[1] == 5: return "%016x%016x" % struct.unpack_from("<QQ", payload, 14)
    need(payload[1] == 6, "the record is neither a quote nor a decision")
    at = 34
    for read in (varint,) * 4 + (text,) * 2: _, at = read(payload, at)
    return text(payload, at)[0]
def check(proof):
    need(set(proof) == {"format", "id", "record", "segments", "first_of_newest", "head"} and proof["format"] == "pricingcore-audit-proof-1", "it is no proof")
    record, raw = proof["record"], bytes.fromhex
    payload = raw(record["payload"])
    need(id_of(payload) == proof["id"], "the record is that of another id")
    root = root_of(payload, struct.unpack_from("<i", payload, 2)[0], record["count"], [raw(node) for node in record["path"]])
    need(root.hex() == record["root"], "the record does not lead to the root")
    headers = [raw(segment["header"]) for segment in proof["segments"]]
    need(proof["segments"][-1]["trailer"] is None, "there is a trailer too many")
    trailers = [raw(segment["trailer"]) for segment in proof["segments"][:-1]]
    for i, trailer in enumerate(trailers):
        need(trailer[:2] == b"\2\2" and trailer[42:74] == sha(headers[i]), "a trailer is not that of its header")
        need(headers[i + 1][16:48] == sha(trailer), "the chain of segments is broken")
    count = record["count"]
    need(not trailers or trailers[0][6:42] == struct.pack("<i", count) + root, "the root is not that of the trailer")
    first, header = proof["first_of_newest"], headers[-1]
    newest = sha(header)
    if first:
        mark, count = raw(first["payload"]), first["count"]
        need(mark[1:6] == b"\1\0\0\0\0" and mark[14:22] == b"PCAUDMRK" and mark[30:62] == newest, "the newest segment's records are not those of its header")
        newest = root_of(mark, 0, count, [raw(node) for node in first["path"]])
    need(trailers or (newest, count) == (root, record["count"]), "the record is not in the newest segment")
    head = "%d:%d:%s" % (struct.unpack_from("<i", header, 8)[0], count if first else 0, newest.hex())
    need(head == proof["head"], "it does not lead to its head")
    return head
try:
    head = check(json.load(open(sys.argv[1])))
    need(len(sys.argv) < 3 or sys.argv[2] == head, "its head is " + head)
    print("The proof holds. Compare the head with one you kept:", head)
except (ValueError, KeyError, IndexError, TypeError, struct.error) as wrong:
    sys.exit("The proof does not hold: %s" % wrong)
