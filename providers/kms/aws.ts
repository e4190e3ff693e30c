import {
  DecryptCommand,
  DescribeKeyCommand,
  GenerateDataKeyCommand,
  KMSClient,
  ReEncryptCommand,
} from "@aws-sdk/client-kms";
import { CredentialsRefused } from "../failures.ts";
import { outboundAgents } from "../outbound/index.ts";
import { KeyRefused, type Kms, KmsUnavailable } from "./port.ts";

export type AwsKmsSettings = {
  region: string;
  /** Id, ARN or alias of the key that wraps new data keys. */
  keyId: string;
  /** Keys that wrapped data keys before and may still open them. */
  oldKeyIds?: string[];
  /** Another endpoint than Amazon's. */
  endpoint?: string;
  /** Absent: the SDK finds them (role of the machine, environment). */
  credentials?: { accessKeyId: string; secretAccessKey: string };
  timeoutMs?: number;
};

/**
 * The master key in AWS KMS (FND-11), which it never leaves. It needs GenerateDataKey, Decrypt, ReEncryptFrom,
 * ReEncryptTo and DescribeKey on the keys named here. A data key that any other key wrapped is refused,
 * though KMS would open it: otherwise whoever can write to the database could bring a key of their own.
 */
export function awsKms({
  region,
  keyId,
  oldKeyIds = [],
  endpoint,
  credentials,
  timeoutMs = 3_000,
}: AwsKmsSettings): Kms {
  const client = new KMSClient({
    region,
    ...(endpoint ? { endpoint } : {}),
    ...(credentials ? { credentials } : {}),
    maxAttempts: 2, // all of it can be repeated; longer than this nobody waits
    requestHandler: {
      ...outboundAgents({ reach: "anywhere" }, { keepAlive: true, maxSockets: 50 }),
      connectionTimeout: timeoutMs,
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
    },
  });

  async function ask<T>(question: Promise<T>): Promise<T> {
    try {
      return await question;
    } catch (error) {
      throw failure(error);
    }
  }

  async function arnOf(id: string): Promise<string> {
    if (/^arn:[^:]+:kms:[^:]+:\d+:key\//.test(id)) return id;
    const { KeyMetadata } = await ask(client.send(new DescribeKeyCommand({ KeyId: id })));
    return KeyMetadata?.Arn ?? id;
  }

  let ours: Promise<Set<string>> | undefined;
  async function requireOurs(arn: string | undefined): Promise<void> {
    const learn = () => Promise.all([keyId, ...oldKeyIds].map(arnOf)).then((arns) => new Set(arns));
    const forget = (error: unknown) => {
      ours = undefined;
      throw error;
    };
    ours ??= learn().catch(forget);
    if (arn && (await ours).has(arn)) return;
    // An alias may lead to another key by now.
    ours = learn().catch(forget);
    if (!arn || !(await ours).has(arn)) throw new KeyRefused("another master key wrapped this data key");
  }

  return {
    masterKeyId: keyId,

    async generateDataKey(context) {
      const { Plaintext, CiphertextBlob, KeyId } = await ask(
        client.send(
          new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: "AES_256", EncryptionContext: context }),
        ),
      );
      if (Plaintext?.length !== 32 || !CiphertextBlob || !KeyId)
        throw new KmsUnavailable("kms answered without a key");
      return {
        plaintext: Buffer.from(Plaintext),
        wrapped: Buffer.from(CiphertextBlob),
        masterKeyId: KeyId,
      };
    },

    async unwrap(wrapped, context) {
      const { Plaintext, KeyId } = await ask(
        client.send(new DecryptCommand({ CiphertextBlob: wrapped, EncryptionContext: context })),
      );
      await requireOurs(KeyId);
      if (Plaintext?.length !== 32) throw new KeyRefused("what was wrapped is no data key");
      return Buffer.from(Plaintext);
    },

    async rewrap(wrapped, context) {
      const { CiphertextBlob, KeyId, SourceKeyId } = await ask(
        client.send(
          new ReEncryptCommand({
            CiphertextBlob: wrapped,
            SourceEncryptionContext: context,
            DestinationKeyId: keyId,
            DestinationEncryptionContext: context,
          }),
        ),
      );
      await requireOurs(SourceKeyId);
      if (!CiphertextBlob || !KeyId) throw new KmsUnavailable("kms answered without a key");
      return { wrapped: Buffer.from(CiphertextBlob), masterKeyId: KeyId };
    },

    async describe() {
      const { KeyMetadata } = await ask(client.send(new DescribeKeyCommand({ KeyId: keyId })));
      if (KeyMetadata?.KeyState !== "Enabled" || KeyMetadata.KeySpec !== "SYMMETRIC_DEFAULT") {
        throw new KmsUnavailable(
          `kms key is ${KeyMetadata?.KeyState} and ${KeyMetadata?.KeySpec}, not Enabled and SYMMETRIC_DEFAULT`,
        );
      }
      return { provider: "aws", masterKeyId: KeyMetadata.Arn ?? keyId, place: region };
    },

    close: () => client.destroy(),
  };
}

const aboutTheDataKey = new Set(["InvalidCiphertextException", "IncorrectKeyException"]);
const aboutOurAccount = new Set([
  "AccessDeniedException",
  "UnrecognizedClientException",
  "InvalidSignatureException",
  "InvalidClientTokenId",
  "ExpiredTokenException",
  "MissingAuthenticationTokenException",
  "CredentialsProviderError",
]);

/** Names only: messages of AWS quote account numbers and keys. */
function failure(error: unknown): Error {
  const name = error instanceof Error ? error.name : "unknown";
  if (aboutTheDataKey.has(name)) return new KeyRefused(`kms says ${name}`);
  if (aboutOurAccount.has(name)) return new CredentialsRefused(`kms says ${name}`);
  const code = (error as { code?: string }).code;
  return new KmsUnavailable(`kms says ${code ?? name}`, { cause: error });
}
