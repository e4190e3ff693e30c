import { z } from "zod";

const instant = z.iso.datetime({ offset: true });
const locale = z.enum(["ro", "en"]);
const answers = z.record(z.string(), z.unknown()).meta({ description: "By the key of each field." });

/** `GET /v1/signing`: what a page may know before it is known who looks at it. */
export const doorAnswer = z.object({
  kind: z.enum(["link", "kiosk"]),
  clinic: z.object({ name: z.string(), slug: z.string() }),
  locale,
  identify: z
    .object({ by: z.enum(["birth_date", "code"]), attemptsLeft: z.int() })
    .nullable()
    .meta({ description: "What to ask the person first; null at a kiosk, where staff know who it is." }),
  expiresAt: instant,
});

/** `POST /v1/signing/identify`. */
export const identifyBody = z.union([
  z.strictObject({ birthDate: z.iso.date() }),
  z.strictObject({ code: z.string().regex(/^\d{6}$/) }),
]);
export const identifyAnswer = z.object({
  session: z.string().meta({ description: "Sent from then on as X-Signing-Session; good for an hour." }),
});

export const localeQuery = z.strictObject({ locale: locale.optional() });

/** `GET /v1/signing/form`. */
export const formAnswer = z.object({
  formId: z.uuid(),
  title: z.string().nullable(),
  snapshot: z.record(z.string(), z.unknown()).meta({ description: "What is asked, as the template stood." }),
  answers,
  prefill: z.record(z.string(), z.unknown()),
  locale,
  signature: z.enum(["typed", "drawn"]),
  purposes: z.array(z.object({ code: z.string(), version: z.int(), title: z.string(), body: z.string() })),
  textHash: z
    .string()
    .meta({ description: "Goes back with the signature: SHA-256 of the text in this language." }),
  intent: z
    .string()
    .nullable()
    .meta({ description: "The sentence by which the person says that they mean it." }),
});

/** `PUT /v1/signing/answers`. */
export const answersBody = z.strictObject({ answers });
export const answersAnswer = z.object({
  answers: answers.meta({ description: "What is kept: all of it, or what was there if a part did not fit." }),
  problems: z.array(
    z.object({
      path: z.string(),
      reason: z.string(),
      message: z.string(),
      details: z.record(z.string(), z.unknown()),
    }),
  ),
});

/** `POST /v1/signing/files`: announces a file, as requestUpload does. */
export const fileBody = z.strictObject({
  filename: z.string().max(1_000),
  contentType: z.string().max(200),
  sizeBytes: z.int().min(1),
  sha256: z.string().max(100),
});
export const fileId = z.object({ id: z.uuid() });
export const fileAnswer = z.object({
  id: z.uuid().meta({ description: "What the field is answered with, once the file is confirmed." }),
  upload: z.object({
    url: z.string(),
    expiresAt: instant,
    headers: z.array(z.object({ name: z.string(), value: z.string() })),
  }),
});
export const confirmedAnswer = z.object({ id: z.uuid(), status: z.literal("confirmed") });

const side = z.int().min(1).max(10_000);

/** `POST /v1/signing/sign`. */
export const signBody = z.strictObject({
  answers,
  textHash: z.string().regex(/^[0-9a-f]{64}$/),
  locale,
  typedName: z.string().max(200).optional(),
  drawing: z
    .strictObject({
      png: z.base64().max(349_528).meta({ description: "At most 262,144 bytes and 1600 x 800 pixels." }),
      path: z.string().max(65_536).meta({ description: "The strokes: M, L, C, Q, Z with their numbers." }),
      width: side,
      height: side,
    })
    .optional(),
  agreed: z.boolean(),
  location: z
    .strictObject({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
    .optional()
    .meta({ description: "Only where the person let the page know it." }),
});
export const signAnswer = z.object({
  signedAt: instant,
  proofHash: z.string().meta({ description: "SHA-256 of the proof, to keep or to print." }),
});

/** `POST /v1/signing/refuse`. */
export const refuseBody = z.strictObject({ reason: z.string().max(500).optional() });

/** `POST /v1/forms/{id}/revoke-signature-link`. */
export const revokedAnswer = z.object({
  id: z.uuid(),
  formId: z.uuid(),
  status: z.string(),
  endedAt: instant,
});

/** `GET /v1/forms/{id}/proof`: what verifier/verify.mjs verifies. */
export const proofAnswer = z.object({
  format: z.string(),
  proofHash: z.string(),
  proof: z
    .string()
    .meta({ description: "The exact text that proofHash was made of; it names every other part by hash." }),
  content: z.string(),
  text: z.string(),
  answers: z.string(),
  image: z.string().nullable(),
  path: z.string().nullable(),
  events: z.array(z.string()).meta({ description: "Each holds the hash of the one before it." }),
});
