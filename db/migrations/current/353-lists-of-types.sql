-- Fixed lists that no column holds are enums as well (FND-29).

comment on column app_public.consent_state.state is
  E'@words own consent_standing\nWhere the person stands with it.\n'
  'granted: Given, in the words that count.\n'
  'older_version: Given, and newer words have to be accepted.\n'
  'withdrawn: Given, and taken back.\n'
  'refused: Asked, and refused.\n'
  'never_given: Not given, and not refused.';
comment on column app_public.likely_duplicate.agrees is
  E'@words own identifying_fact\nWhat is the same of both.\n'
  'address: The mail address.\n'
  'name: The name, as it sounds.\n'
  'telephone: The telephone number.\n'
  'birthday: The date of birth.';
comment on column app_public.likely_duplicate.differs is
  E'@words own identifying_fact\nWhat is not the same of both.\n'
  'address: The mail address.\n'
  'name: The name, as it sounds.\n'
  'telephone: The telephone number.\n'
  'birthday: The date of birth.';
comment on column app_public.audit_entries.action is
  E'@behavior -attribute:orderBy\n@words own audit_action\nWhat was done.\n'
  'insert: A row was made.\n'
  'update: A row was changed.\n'
  'delete: A row was taken away.\n'
  'truncate: A table was emptied.\n'
  'read: Something was read.\n'
  'erase: What identified a person was erased.';

