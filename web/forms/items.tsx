import type { ComponentType } from "preact";
import { pathOf } from "./check.ts";
import type { Field } from "./content.ts";
import type { FieldProps } from "./context.ts";
import { BooleanField } from "./fields/boolean.tsx";
import { ChoiceField } from "./fields/choice.tsx";
import { ChoicesField } from "./fields/choices.tsx";
import { DateField } from "./fields/date.tsx";
import { EmailField } from "./fields/email.tsx";
import { FileField } from "./fields/file.tsx";
import { LongTextField } from "./fields/long_text.tsx";
import { NumberField } from "./fields/number.tsx";
import { PhoneField } from "./fields/phone.tsx";
import { ScaleField } from "./fields/scale.tsx";
import { Statement } from "./fields/statement.tsx";
import { TextField } from "./fields/text.tsx";
import { Group, type LevelComponent } from "./group.tsx";

/** What shows each type of field. Which answer belongs to which type, the snapshot says. */
const fields = {
  text: TextField,
  long_text: LongTextField,
  email: EmailField,
  phone: PhoneField,
  integer: NumberField,
  number: NumberField,
  scale: ScaleField,
  boolean: BooleanField,
  date: DateField,
  choice: ChoiceField,
  choices: ChoicesField,
  file: FileField,
} as unknown as Record<Field["type"], ComponentType<FieldProps<Field>>>;

/** The items of a form, or of a group in it, as far as they are shown. */
export const Items: LevelComponent = ({ shown, answers, outer, onAnswer }) => {
  return (
    <>
      {shown.map((one) => {
        const { item } = one;
        const path = pathOf(outer, item.key);
        if (item.type === "statement") return <Statement key={item.key} item={item} />;
        if (item.type === "group")
          return (
            <Group key={item.key} {...{ group: item, path, shown: one, answers, items: Items, onAnswer }} />
          );
        const FieldOfType = fields[item.type];
        return (
          <FieldOfType
            key={item.key}
            field={item}
            path={path}
            answer={answers[item.key]}
            onAnswer={(answer) => onAnswer(item.key, answer)}
          />
        );
      })}
    </>
  );
};
