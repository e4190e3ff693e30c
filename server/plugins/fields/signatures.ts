import "postgraphile";
import { extendSchema, gql } from "postgraphile/utils";
import { z } from "zod";
import type { Signing } from "../../signing/index.ts";
import { mutationBeyondSql } from "../beyond_sql.ts";

declare global {
  namespace Grafast {
    interface Services {
      signing: Signing;
    }
  }
}

const id = z.string();

/**
 * Ways to a signature that are made outside of SQL (CNS-05, CNS-06): their tokens are signed and sealed before the database
 * hears of them, so that it never holds one. Everything else about signatures is plain SQL.
 */
const plugin: GraphileConfig.Plugin = extendSchema((build) => {
  const links = build.pgResources.signature_links;
  if (!links) throw new Error("app_public.signature_links is not in the schema");
  return {
    typeDefs: gql`
      """What a person is asked before a form is shown to them."""
      enum SignatureLinkIdentifyWith {
        """The patient's date of birth."""
        BIRTH_DATE
        """Six digits that the clinic tells the person in another way."""
        CODE
      }

      input SendSignatureLinkInput {
        formId: UUID!
        """The caregiver who signs on behalf of the patient; the patient without."""
        caregiverId: UUID
        """The date of birth where the clinic knows it, without; else a code."""
        identifyWith: SignatureLinkIdentifyWith
      }

      type SendSignatureLinkPayload {
        """The link, as it is now. What opens it goes to the person alone."""
        signatureLink: SignatureLink!
        """The code to tell the person, by telephone for example. Shown this once; null where none is asked for."""
        code: String
        query: Query!
      }

      input StartKioskInput {
        formId: UUID!
        """The caregiver who signs on behalf of the patient; the patient without."""
        caregiverId: UUID
        """What the clinic calls the tablet."""
        device: String
      }

      type StartKioskPayload {
        """The kiosk, as it is now; good for a quarter of an hour."""
        signatureLink: SignatureLink!
        """What the tablet opens the page with: /kiosk#<token>. Shown this once."""
        token: String!
        query: Query!
      }

      extend type Mutation {
        """
        Sends the person a link by which they sign the form on their own telephone, by mail and SMS; one that was sent before is
        over. Needs forms.fill; STATE signed_in_another_way, already_signed or nowhere_to_send, RATE_LIMITED link_sent_often,
        UNAVAILABLE kms_unavailable when the link cannot be sealed right now.
        """
        sendSignatureLink(input: SendSignatureLinkInput!): SendSignatureLinkPayload!

        """
        Opens the form on a tablet at the clinic, to be signed by the patient who stands there. Needs forms.fill; STATE
        signed_in_another_way or already_signed. endKiosk takes it back.
        """
        startKiosk(input: StartKioskInput!): StartKioskPayload!
      }
    `,
    objects: {
      Mutation: {
        plans: {
          sendSignatureLink: mutationBeyondSql({
            input: z.object({
              formId: id,
              caregiverId: id.nullish(),
              identifyWith: z.enum(["BIRTH_DATE", "CODE"]).nullish(),
            }),
            run: ({ signing }, settings, { identifyWith, ...input }) =>
              signing.sendLink(settings, {
                ...input,
                identifyBy: identifyWith && (identifyWith === "CODE" ? "code" : "birth_date"),
              }),
            fields: ["code"],
            row: { name: "signatureLink", resource: links },
          }),
          startKiosk: mutationBeyondSql({
            input: z.object({ formId: id, caregiverId: id.nullish(), device: z.string().max(100).nullish() }),
            run: ({ signing }, settings, input) => signing.startKiosk(settings, input),
            fields: ["token"],
            row: { name: "signatureLink", resource: links },
          }),
        },
      },
    },
  };
}, "SignaturesPlugin");

export default plugin;
