#!/usr/bin/env python3
"""Reads one lane of a journal: read-journal.py DIR. Written from docs/journal-format.md alone, as an example and as its proof.
Codecs: none and zlib; Python's own library has neither Brotli nor LZ4."""
import glob, hashlib, json, struct, sys, zlib

def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 255] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF

TABLE = []
for value in range(256):
    for _ in range(8):
        value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
    TABLE.append(value)

def unfold(value):
    return (value >> 1) ^ -(value & 1)

def records_of(payload, codec, count):
    mask, received = struct.unpack_from("<Qq", payload)
    changing = [plane for plane in range(64) if mask >> plane & 1]
    constants = iter(payload[16:80 - len(changing)])
    planes = payload[80 - len(changing):] if codec == 0 else zlib.decompress(payload[80 - len(changing):])
    rows = [[0] * 64 for _ in range(count)]
    for plane in range(64):
        column = planes[(p := changing.index(plane)) * count:(p + 1) * count] if plane in changing else [next(constants)] * count
        for row, byte in zip(rows, column):
            row[plane] = byte
    for row in rows:
        words = list(struct.unpack("<8Q", bytes(row)))
        received += unfold(words[1])
        words[0], words[1] = (received - unfold(words[0])) % 2**64, received % 2**64
        yield struct.pack("<8Q", *words)

def read(directory):
    files = [open(path, "rb").read() for path in sorted(glob.glob(f"{directory}/segment-*.pcj"))]
    heads = [struct.unpack_from("<8sHHiqqqq", file) for file in files]
    total, notes, sha, expected = 0, 0, hashlib.sha256(), heads[0][5]
    for i, (file, head) in enumerate(zip(files, heads)):
        assert head[:2] == (b"PRICINGJ", 1) and crc32c(file[:60]) == struct.unpack_from("<I", file, 60)[0] and head[5] == expected
        at, end = 64, heads[i + 1][7] if i + 1 < len(files) else len(file)
        while at < end and file[at:at + 4] == b"PCBK":
            crc, kind, codec, stored, count, first, offset = struct.unpack("<4xIBB2xI4xIqI12x", file[at:at + 48])
            payload = file[at + 48:at + 48 + stored]
            assert crc32c(file[at + 8:at + 48 + stored]) == crc and first == expected and offset == at, f"damaged at {at}"
            assert codec < 2, f"block at {at}: " + {2: "Brotli", 3: "LZ4"}.get(codec, "an unknown codec") + " is needed"
            at, notes, expected = at + 48 + stored, notes + (kind == 2), expected + count
            for record in records_of(payload, codec, count) if kind == 1 else ():
                total += 1
                sha.update(record)
    return {"records": total, "notes": notes, "next_sequence": expected, "sha256": sha.hexdigest()}

if __name__ == "__main__":
    print(json.dumps(read(sys.argv[1])))
