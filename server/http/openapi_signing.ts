import { answer, body, jsonSchema, refusals } from "./openapi_parts.ts";
import {
  answersAnswer,
  answersBody,
  confirmedAnswer,
  doorAnswer,
  fileAnswer,
  fileBody,
  formAnswer,
  identifyAnswer,
  identifyBody,
  proofAnswer,
  refuseBody,
  revokedAnswer,
  signAnswer,
  signBody,
} from "./signing_shapes.ts";

const security = [{ link: [] }, { kiosk: [] }];

const session = {
  name: "X-Signing-Session",
  in: "header",
  required: false,
  description: "What identify answered with. A kiosk needs none.",
  schema: { type: "string", pattern: "^[A-Za-z0-9_-]{43}$" },
};

const formId = {
  name: "id",
  in: "path",
  required: true,
  description: "The form's id.",
  schema: { type: "string", format: "uuid" },
};

/** The doors of signature links and kiosks, and what staff do with a signed form over HTTP (CNS-05..07, FND-31). */
export const signingPaths: Record<string, object> = {
  "/v1/signing": {
    get: {
      operationId: "openSigning",
      summary: "What a link or kiosk leads to, before it is known who looks. Uses nothing up (CNS-06).",
      security,
      responses: { 200: answer("The way in.", "SigningDoor"), ...refusals(404, 410, 429, 503) },
    },
  },
  "/v1/signing/identify": {
    post: {
      operationId: "identifySigner",
      summary: "The person says who they are; five wrong answers lock the link (CNS-06).",
      security,
      requestBody: body("SigningIdentity"),
      responses: {
        200: answer("It is them.", "SigningSession"),
        ...refusals(400, 403, 404, 409, 410, 413, 415, 429, 503),
      },
    },
  },
  "/v1/signing/form": {
    get: {
      operationId: "getFormToSign",
      summary: "The form, with its text in one language (CNS-05, CNS-06).",
      security,
      parameters: [
        session,
        { name: "locale", in: "query", required: false, schema: { type: "string", enum: ["ro", "en"] } },
      ],
      responses: { 200: answer("The form.", "FormToSign"), ...refusals(400, 401, 404, 410, 429, 503) },
    },
  },
  "/v1/signing/answers": {
    put: {
      operationId: "saveAnswers",
      summary: "Keeps what was filled in so far, and says what is missing (FRM-04).",
      security,
      parameters: [session],
      requestBody: body("AnswersToSave"),
      responses: {
        200: answer("What is kept.", "SavedAnswers"),
        ...refusals(400, 401, 404, 409, 410, 413, 415, 429, 503),
      },
    },
  },
  "/v1/signing/files": {
    post: {
      operationId: "announceFile",
      summary:
        "Announces a file of the form; its bytes go by PUT to the URL that is answered (FRM-06, FND-13).",
      security,
      parameters: [session],
      requestBody: body("FileToAnnounce"),
      responses: {
        201: answer("Where the bytes go.", "AnnouncedFile"),
        ...refusals(400, 401, 404, 409, 410, 413, 415, 429, 503),
      },
    },
  },
  "/v1/signing/files/{id}/confirm": {
    post: {
      operationId: "confirmFile",
      summary: "Looks at the bytes and makes them a file of the form (FND-13).",
      security,
      parameters: [
        session,
        {
          name: "id",
          in: "path",
          required: true,
          schema: { type: "string", format: "uuid" },
          description: "The file's id.",
        },
      ],
      responses: {
        200: answer("It may be an answer now.", "ConfirmedFile"),
        ...refusals(400, 401, 404, 409, 410, 429, 503),
      },
    },
  },
  "/v1/signing/sign": {
    post: {
      operationId: "sign",
      summary: "Signs the form; the link or kiosk is used up by it (CNS-05, CNS-06).",
      security,
      parameters: [session],
      requestBody: body("Signature"),
      responses: {
        200: answer("It is signed.", "Signed"),
        ...refusals(400, 401, 403, 404, 409, 410, 413, 415, 429, 503),
      },
    },
  },
  "/v1/signing/refuse": {
    post: {
      operationId: "refuseToSign",
      summary: "The person does not want to sign; the link or kiosk is over (CNS-07).",
      security,
      parameters: [session],
      requestBody: body("SigningRefusal"),
      responses: {
        204: { description: "It is on record." },
        ...refusals(400, 401, 404, 409, 410, 413, 415, 429, 503),
      },
    },
  },
  "/v1/forms/{id}/revoke-signature-link": {
    post: {
      operationId: "revokeSignatureLink",
      summary: "Takes a link back before it was used (FND-31, CNS-06).",
      security: [{ session: [] }],
      parameters: [formId],
      responses: {
        200: answer("It opens nothing any more.", "RevokedLink"),
        ...refusals(400, 401, 403, 404, 409, 429, 503),
      },
    },
  },
  "/v1/forms/{id}/proof": {
    get: {
      operationId: "getProof",
      summary: "Everything that a stranger needs to verify a signed form (CNS-07).",
      security: [{ session: [] }],
      parameters: [formId],
      responses: { 200: answer("The bundle.", "Proof"), ...refusals(400, 401, 404, 409, 429, 503) },
    },
  },
};

export const signingSchemas: Record<string, object> = {
  SigningDoor: jsonSchema(doorAnswer, "output"),
  SigningIdentity: jsonSchema(identifyBody, "input"),
  SigningSession: jsonSchema(identifyAnswer, "output"),
  FormToSign: jsonSchema(formAnswer, "output"),
  AnswersToSave: jsonSchema(answersBody, "input"),
  SavedAnswers: jsonSchema(answersAnswer, "output"),
  FileToAnnounce: jsonSchema(fileBody, "input"),
  AnnouncedFile: jsonSchema(fileAnswer, "output"),
  ConfirmedFile: jsonSchema(confirmedAnswer, "output"),
  Signature: jsonSchema(signBody, "input"),
  Signed: jsonSchema(signAnswer, "output"),
  SigningRefusal: jsonSchema(refuseBody, "input"),
  RevokedLink: jsonSchema(revokedAnswer, "output"),
  Proof: jsonSchema(proofAnswer, "output"),
};
