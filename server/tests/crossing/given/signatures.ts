/** Signatures. */
import { id, type Making } from "./making.ts";

export const ofSignatures: Record<string, Making> = {
  signForm: async (world) => {
    const content = "jsonb_build_array(tests.form_item('note', 'long_text'))";
    await id(
      world,
      `select tests.form_template('signed', ${content}, signature_mode => 'click_typed', clinic => 'atlas') as id`,
    );
    return {
      formId: await id(world, "select tests.form('signed form', 'bogdan', 'signed', 'atlas') as id"),
      textHash: await id(world, "select tests.text_hash('signed form') as id"),
      answers: undefined,
    };
  },
  setSpecialistSignature: async (world) => ({
    specialistId: await id(world, "select tests.id('stefan') as id"),
    fileId: await id(world, "select tests.id('signature of stefan') as id"),
    path: "M0 0L1 1",
  }),
};
