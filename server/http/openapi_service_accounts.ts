import { answer, body, idempotencyKey, jsonSchema, refusals } from "./openapi_parts.ts";
import {
  aiCallAnswer,
  aiCallBody,
  subscriptionStatusAnswer,
  subscriptionStatusBody,
} from "./service_accounts.ts";

/** The doors of programs with a key of their own (FND-24, BIL-09). */
export const serviceAccountPathsDocument: Record<string, object> = {
  "/v1/ai-calls": {
    post: {
      operationId: "recordAiCall",
      summary:
        "Records a call of an AI model that was made for a clinic; for programs of the platform (FND-24).",
      description:
        "Once by its key: the same content again is answered with the first, another content is kept as a conflict and " +
        "refused with CONFLICT call_key_reused. A price that is missing is alerted, and the call priced when it is entered.",
      security: [{ serviceKey: [] }],
      parameters: [idempotencyKey],
      requestBody: body("AiCallRequest"),
      responses: {
        200: answer("The call, as it was recorded first.", "AiCall"),
        ...refusals(400, 401, 403, 404, 409, 413, 415, 422, 429, 503),
      },
    },
  },
  "/v1/patient-subscriptions/{externalReference}/status": {
    post: {
      operationId: "reportPatientSubscription",
      summary:
        "Reports the status of a patient's subscription, by the clinic's own payment system with a key of the clinic (BIL-09).",
      description:
        "The subscription is linked before, by linkPatientSubscription with the provider OWN; another clinic's is not there. " +
        "Reports may come late, twice and in any order. No money passes the platform.",
      security: [{ serviceKey: [] }],
      parameters: [
        {
          name: "externalReference",
          in: "path",
          required: true,
          schema: { type: "string", pattern: "^[!-~]{1,200}$" },
          description: "What the clinic's system calls the subscription.",
        },
        idempotencyKey,
      ],
      requestBody: body("PatientSubscriptionStatusRequest"),
      responses: {
        200: answer("Where the subscription is, and what came of the report.", "PatientSubscriptionStatus"),
        ...refusals(400, 401, 403, 404, 413, 415, 422, 429, 503),
      },
    },
  },
};

export const serviceAccountSchemas = {
  AiCallRequest: jsonSchema(aiCallBody, "input"),
  AiCall: jsonSchema(aiCallAnswer, "output"),
  PatientSubscriptionStatusRequest: jsonSchema(subscriptionStatusBody, "input"),
  PatientSubscriptionStatus: jsonSchema(subscriptionStatusAnswer, "output"),
};

export const serviceKeyScheme = {
  type: "http",
  scheme: "bearer",
  description: "The key of a program, `rxsk_…`, from createServiceAccountKey. It opens these paths alone.",
};
