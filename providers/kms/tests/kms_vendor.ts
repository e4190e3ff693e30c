import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { awsKms } from "../aws.ts";
import type { Kms } from "../index.ts";

type Behaviour = "well" | "is down" | "hangs up" | "is slow" | "refuses our account" | { fault: string };

export type KmsVendor = {
  kms: Kms;
  endpoint: string;
  behave(how: Behaviour): void;
  /** How often each operation was asked for. */
  asked: Map<string, number>;
  /** Another master key from now on; answers with its ARN. */
  makeKey(): string;
  /** Lets the alias lead to another key. */
  lead(alias: string, arn: string): void;
  /** Says something else of every key. */
  describeAs(changes: { KeyState?: string; KeySpec?: string }): void;
  open(settings: { keyId?: string; oldKeyIds?: string[] }): Kms;
  stop(): Promise<void>;
};

const account = "111122223333";
const region = "eu-central-1";

/**
 * A double of AWS KMS: its JSON protocol over HTTP, keys that never leave, ciphertexts bound to the
 * encryption context, its error names. Shaped after the API reference; never compared with the real one.
 */
export async function startKmsVendor(): Promise<KmsVendor> {
  const keys = new Map<string, Buffer>();
  const asked = new Map<string, number>();
  let how: Behaviour = "well";
  let described = {};

  const makeKey = (): string => {
    const id = `${randomBytes(4).toString("hex")}-0000-4000-8000-${randomBytes(6).toString("hex")}`;
    const arn = `arn:aws:kms:${region}:${account}:key/${id}`;
    keys.set(arn, randomBytes(32));
    return arn;
  };
  const first = makeKey();
  const aliases = new Map([["alias/restartix", first]]);

  const find = (id: string): [string, Buffer] => {
    const arn = aliases.get(id) ?? [...keys.keys()].find((known) => known === id || known.endsWith(`/${id}`));
    const key = arn && keys.get(arn);
    if (!arn || !key) throw new Fault("NotFoundException", `Key '${id}' does not exist`);
    return [arn, key];
  };
  const encrypt = (arn: string, plaintext: Buffer, context: Context): Buffer => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", keys.get(arn) as Buffer, nonce);
    cipher.setAAD(canonical(context));
    const sealed = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    const name = Buffer.from(arn);
    return Buffer.concat([Buffer.from([name.length]), name, nonce, sealed]);
  };
  const decrypt = (blob: Buffer, context: Context): [string, Buffer] => {
    const end = 1 + (blob[0] ?? 0);
    const arn = blob.subarray(1, end).toString();
    const key = keys.get(arn);
    if (!key) throw new Fault("InvalidCiphertextException");
    try {
      const decipher = createDecipheriv("aes-256-gcm", key, blob.subarray(end, end + 12));
      decipher.setAAD(canonical(context));
      decipher.setAuthTag(blob.subarray(-16));
      return [arn, Buffer.concat([decipher.update(blob.subarray(end + 12, -16)), decipher.final()])];
    } catch {
      throw new Fault("InvalidCiphertextException");
    }
  };

  const operations: Record<string, (input: Input) => object> = {
    DescribeKey({ KeyId = "" }) {
      const [arn] = find(KeyId);
      return {
        KeyMetadata: {
          KeyId: arn.split("/")[1],
          Arn: arn,
          Enabled: true,
          KeyState: "Enabled",
          KeyUsage: "ENCRYPT_DECRYPT",
          KeySpec: "SYMMETRIC_DEFAULT",
          ...described,
        },
      };
    },
    GenerateDataKey({ KeyId = "", EncryptionContext, KeySpec }) {
      if (KeySpec !== "AES_256") throw new Fault("ValidationException");
      const [arn] = find(KeyId);
      const plaintext = randomBytes(32);
      return {
        KeyId: arn,
        Plaintext: plaintext.toString("base64"),
        CiphertextBlob: encrypt(arn, plaintext, EncryptionContext).toString("base64"),
      };
    },
    Decrypt({ CiphertextBlob = "", EncryptionContext }) {
      const [arn, plaintext] = decrypt(Buffer.from(CiphertextBlob, "base64"), EncryptionContext);
      return {
        KeyId: arn,
        Plaintext: plaintext.toString("base64"),
        EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
      };
    },
    ReEncrypt({
      CiphertextBlob = "",
      SourceEncryptionContext,
      DestinationKeyId = "",
      DestinationEncryptionContext,
    }) {
      const [source, plaintext] = decrypt(Buffer.from(CiphertextBlob, "base64"), SourceEncryptionContext);
      const [arn] = find(DestinationKeyId);
      return {
        SourceKeyId: source,
        KeyId: arn,
        CiphertextBlob: encrypt(arn, plaintext, DestinationEncryptionContext).toString("base64"),
      };
    },
  };

  const answer = async (request: IncomingMessage): Promise<object> => {
    const [service, operation = ""] = String(request.headers["x-amz-target"]).split(".");
    const body = JSON.parse(await text(request)) as Input;
    if (service !== "TrentService" || !operations[operation]) throw new Fault("UnknownOperationException");
    asked.set(operation, (asked.get(operation) ?? 0) + 1);
    const signed = /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/\d{8}\/eu-central-1\/kms\/aws4_request,/;
    if (how === "refuses our account" || !signed.test(request.headers.authorization ?? "")) {
      throw new Fault("AccessDeniedException", `User: arn:aws:iam::${account}:user/api is not authorized`);
    }
    if (typeof how === "object") throw new Fault(how.fault);
    if (how === "is down") throw new Fault("KMSInternalException", "", 500);
    return operations[operation](body);
  };

  const server = createServer(async (request, response) => {
    if (how === "hangs up") return void request.socket.destroy();
    if (how === "is slow") return;
    const send = (status: number, body: object) => {
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(body));
    };
    try {
      send(200, await answer(request));
    } catch (error) {
      const { type, message, status } = error instanceof Fault ? error : new Fault("ValidationException");
      send(status, { __type: type, message });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const open: KmsVendor["open"] = ({ keyId = "alias/restartix", oldKeyIds = [] }) =>
    awsKms({
      region,
      endpoint,
      keyId,
      oldKeyIds,
      credentials: { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "example" },
      timeoutMs: 500,
    });
  const kms = open({});

  return {
    kms,
    endpoint,
    asked,
    makeKey,
    open,
    lead: (alias, arn) => void aliases.set(alias, arn),
    describeAs(changes) {
      described = changes;
    },
    behave(next) {
      how = next;
    },
    async stop() {
      kms.close();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

type Context = Record<string, string> | undefined;
type Input = {
  KeyId?: string;
  KeySpec?: string;
  CiphertextBlob?: string;
  EncryptionContext?: Record<string, string>;
  SourceEncryptionContext?: Record<string, string>;
  DestinationEncryptionContext?: Record<string, string>;
  DestinationKeyId?: string;
};

class Fault extends Error {
  readonly type: string;
  readonly status: number;

  constructor(type: string, message = "", status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

function canonical(context: Context): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(context ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))));
}
