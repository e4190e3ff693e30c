import type { Client } from "../../../client/index.ts";
import {
  BringFileOfFormDocument,
  CompleteFormDocument,
  ConfirmFileOfFormDocument,
  FormToFillDocument,
  SaveFormAnswersDocument,
} from "../../documents/generated/operations.ts";
import type { Answers, Content } from "../../forms/content.ts";
import type { Door, FormToFill } from "./door.ts";

/** Forms after sessions, as the API has them. */
export function formsOf(client: Client): Pick<Door, "form" | "saveForm" | "completeForm" | "sendFile"> {
  return {
    async form(id) {
      const { form } = await client.ask(FormToFillDocument, { form: id });
      return form
        ? {
            id,
            content: form.snapshot as Content,
            answers: form.answers as Answers,
            isOpen: form.status === "PENDING" || form.status === "IN_PROGRESS",
            isSigned: (form.formTemplateVersion?.signatureMode ?? "NONE") !== "NONE",
          }
        : null;
    },

    async saveForm(form, answers) {
      await client.ask(SaveFormAnswersDocument, { form: form.id, answers: changedIn(form, answers) });
    },

    async completeForm(form, answers) {
      await client.ask(CompleteFormDocument, { form: form.id, answers: changedIn(form, answers) });
    },

    async sendFile(form, file) {
      const { describeFile, sendFile } = await import("../../../client/files.ts");
      const { requestUpload } = await client.ask(BringFileOfFormDocument, {
        form,
        filename: file.name,
        contentType: file.type,
        ...(await describeFile(file)),
      });
      const { id, upload } = requestUpload.file;
      if (upload) await sendFile(upload, file);
      await client.ask(ConfirmFileOfFormDocument, { file: id });
      return id;
    },
  };
}

/** Answers as the verbs take them, which add to those that are there: one that was taken away is null. */
function changedIn({ answers: before }: FormToFill, answers: Answers): Record<string, unknown> {
  const gone = Object.keys(before).filter((key) => !(key in answers));
  return { ...answers, ...Object.fromEntries(gone.map((key) => [key, null])) };
}
