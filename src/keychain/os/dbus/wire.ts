// Messages of the D-Bus protocol, as few as are needed (https://dbus.freedesktop.org/doc/dbus-specification.html).

const LITTLE_ENDIAN = "l".charCodeAt(0);
const METHOD_CALL = 1;
const METHOD_RETURN = 2;
const ERROR = 3;
/** A call must not start a program that does not run. */
const NO_AUTO_START = 2;
const REPLY_SERIAL = 5;
const HEADER_BYTES = 16;
/** The protocol's own limit is 128 MB; what is asked here has short answers. */
const MAX_BYTES = 1 << 20;

export interface Call {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  /** The arguments, all strings. */
  readonly args: readonly string[];
}

export interface Message {
  /** Its whole length. */
  readonly bytes: number;
  /** The serial number of the call it answers. */
  readonly replyTo: number | undefined;
  readonly ok: boolean;
  readonly body: Buffer;
}

export function encodeCall(call: Call, serial: number): Buffer {
  const body = Buffer.concat(call.args.reduce<Buffer[]>((parts, arg) => append(parts, string(arg), 4), []));
  const fields: [code: number, type: string, value: Buffer][] = [
    [1, "o", string(call.path)],
    [2, "s", string(call.interface)],
    [3, "s", string(call.member)],
    [6, "s", string(call.destination)],
  ];
  if (call.args.length > 0) fields.push([8, "g", signature("s".repeat(call.args.length))]);
  const array = Buffer.concat(
    fields.reduce<Buffer[]>((parts, [code, type, value]) => {
      const head = Buffer.concat([Buffer.from([code]), signature(type)]);
      return append(parts, Buffer.concat([head, value]), 8);
    }, []),
  );
  const head = Buffer.from([LITTLE_ENDIAN, METHOD_CALL, NO_AUTO_START, 1]);
  const header = Buffer.concat([head, uint32(body.length), uint32(serial), uint32(array.length), array]);
  return Buffer.concat([header, padding(header.length, 8), body]);
}

/**
 * The first message in `bytes`; undefined while it has not arrived as a whole.
 * @throws RangeError when these are not messages that this reader knows
 */
export function decodeMessage(bytes: Buffer): Message | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  if (bytes[0] !== LITTLE_ENDIAN) throw new RangeError("Not a little-endian D-Bus message.");
  const fieldsEnd = HEADER_BYTES + bytes.readUInt32LE(12);
  const bodyStart = aligned(fieldsEnd, 8);
  const length = bodyStart + bytes.readUInt32LE(4);
  if (length > MAX_BYTES) throw new RangeError("A longer D-Bus message than any that is expected.");
  if (bytes.length < length) return undefined;
  const type = bytes[1];
  const answers = type === METHOD_RETURN || type === ERROR;
  return {
    bytes: length,
    replyTo: answers ? replySerial(bytes.subarray(0, fieldsEnd)) : undefined,
    ok: type === METHOD_RETURN,
    body: bytes.subarray(bodyStart, length),
  };
}

/** The string or object path that a body begins with. */
export function readString(body: Buffer): string {
  const end = 4 + body.readUInt32LE(0);
  if (end > body.length) throw new RangeError("A string longer than its message.");
  return body.toString("utf8", 4, end);
}

/** The boolean inside the variant that a body consists of; undefined if it holds something else. */
export function readBooleanVariant(body: Buffer): boolean | undefined {
  return body.toString("latin1", 0, 3) === "\x01b\0" ? body.readUInt32LE(4) !== 0 : undefined;
}

function replySerial(header: Buffer): number | undefined {
  let at = HEADER_BYTES;
  while (at < header.length) {
    at = aligned(at, 8);
    const code = header.readUInt8(at);
    const type = header.toString("latin1", at + 2, at + 3);
    const value = aligned(at + 4, type === "g" ? 1 : 4);
    if (code === REPLY_SERIAL) return header.readUInt32LE(value);
    at = value + sizeOf(header, type, value);
  }
  return undefined;
}

function sizeOf(header: Buffer, type: string, at: number): number {
  if (type === "u") return 4;
  if (type === "g") return header.readUInt8(at) + 2;
  if (type === "s" || type === "o") return header.readUInt32LE(at) + 5;
  throw new RangeError("A D-Bus header field of an unknown type.");
}

function append(parts: Buffer[], part: Buffer, alignment: number): Buffer[] {
  const length = parts.reduce((sum, { length }) => sum + length, 0);
  return [...parts, padding(length, alignment), part];
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([uint32(bytes.length), bytes, Buffer.alloc(1)]);
}

function signature(text: string): Buffer {
  return Buffer.from(`${String.fromCharCode(text.length)}${text}\0`, "latin1");
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function padding(length: number, alignment: number): Buffer {
  return Buffer.alloc(aligned(length, alignment) - length);
}

function aligned(position: number, alignment: number): number {
  return Math.ceil(position / alignment) * alignment;
}
