import "postgraphile";
import { list, loadOne, type Step } from "grafast";
import { type PgSelectSingleStep, TYPES } from "postgraphile/@dataplan/pg";
import { extendSchema, gql } from "postgraphile/utils";
import { z } from "zod";
import { type Files, fileRow } from "../../files/index.ts";
import { whoseRow } from "../../readings/persons.ts";
import { type Asker, recordReadings } from "../../readings/record.ts";
import { fieldBeyondSql, mutationBeyondSql } from "../beyond_sql.ts";

declare global {
  namespace Grafast {
    interface Services {
      files: Files;
    }
  }
}

/**
 * What files need beyond SQL (FND-13): URLs of the object store, signed for this answer and kept nowhere, and
 * the confirmation that looks at the bytes. Whoever gets the row gets the URL of its bytes, so the
 * policies of app_public.files decide both; a page is what bounds how many are signed.
 */
const plugin: GraphileConfig.Plugin = extendSchema((build) => {
  const { files } = build.pgResources;
  if (!files) throw new Error("app_public.files is not in the schema");

  /** A link to a patient's file is a reading, in lists too; it is not signed before that is on record (FND-08). */
  const recorded = ($file: PgSelectSingleStep): Step => {
    const whose = whoseRow(files.codec);
    if (!whose) throw new Error("files do not say whose they are");
    const $person = $file.select(whose.person($file.getClassStep().alias), TYPES.uuid);
    return loadOne(list([$person, $file.get("organization_id"), $file.get("status")]), {
      load: recordLinks,
      shared: () => files.executor.context(),
    });
  };

  return {
    typeDefs: gql`
      """A header that has to be sent with the bytes, as it stands."""
      type FileUploadHeader {
        name: String!
        value: String!
      }

      """How to send the bytes of a pending file: a PUT of exactly these bytes with these headers."""
      type FileUpload {
        url: String!
        headers: [FileUploadHeader!]!
        """Ask for the file again when it has passed."""
        expiresAt: Datetime!
      }

      """Where the bytes of a file are for a few minutes, as an attachment under its name."""
      type FileDownload {
        url: String!
        expiresAt: Datetime!
      }

      extend type File {
        """How to send the bytes. For the uploader, while the file is pending; null otherwise."""
        upload: FileUpload
        """Where the bytes are. Null until the file is confirmed."""
        download: FileDownload
      }

      extend type PublicAttachment {
        """Where the bytes are."""
        download: FileDownload!
      }

      input ConfirmUploadInput {
        fileId: UUID!
      }

      type ConfirmUploadPayload {
        """The file, as it is now."""
        file: File!
        query: Query!
      }

      extend type Mutation {
        """
        Checks the bytes that were uploaded (type, structure, size, SHA-256) and makes them a file. Refuses with
        VALIDATION file_rejected (details.rejection says why; such a file is over), STATE nothing_uploaded, GONE
        upload_expired or NOT_FOUND. A second time answers the same.
        """
        confirmUpload(input: ConfirmUploadInput!): ConfirmUploadPayload!
      }
    `,
    objects: {
      File: {
        plans: {
          upload: fieldBeyondSql({
            row: fileRow,
            run: ({ files }, settings, file) => files.upload(settings, file),
          }),
          download: fieldBeyondSql({
            row: fileRow,
            after: recorded,
            run: ({ files }, _settings, file) => files.download(file),
          }),
        },
      },
      PublicAttachment: {
        plans: {
          // Whoever is given the row may have the bytes; nobody in particular reads it.
          download: fieldBeyondSql({
            row: fileRow.pick({ organizationId: true, filename: true, contentType: true, objectKey: true }),
            run: ({ files }, _settings, attachment) => files.download({ ...attachment, status: "confirmed" }),
          }),
        },
      },
      Mutation: {
        plans: {
          confirmUpload: mutationBeyondSql({
            input: z.object({ fileId: z.string() }),
            run: async ({ files }, settings, { fileId }) => {
              await files.confirm(settings, fileId);
              return { id: fileId };
            },
            row: { name: "file", resource: files },
          }),
        },
      },
    },
  };
}, "FileUrlsPlugin");

async function recordLinks(
  asked: readonly (readonly [string | null, string, string])[],
  { shared }: { shared: Asker },
): Promise<true[]> {
  const readings = asked.flatMap(([personId, organizationId, status]) =>
    personId && status === "confirmed" ? [{ personId, organizationId }] : [],
  );
  await recordReadings(shared, readings, "file", "files");
  return asked.map(() => true as const);
}

export default plugin;
