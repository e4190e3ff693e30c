-- Allowed in secrets, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'Secrets: processes ask for wrapped keys and sealed accounts; people have no grant on either, nor on these.', unnest(array[
  'app_hidden.add_first_data_key(uuid,bytea,text)',
  'app_hidden.data_key(uuid,integer)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A step of the key rotation, which the worker runs; it reads no plaintext and the worker has no grant.', unnest(array[
  'app_private.add_next_data_key(uuid,integer,bytea,text)',
  'app_private.ciphertext_places()',
  'app_private.data_keys_to_rewrap(text,uuid,integer)',
  'app_private.envelopes_to_reseal(text,text,text,integer)',
  'app_private.finish_key_rotation(uuid)',
  'app_private.open_key_rotation(boolean)',
  'app_private.owners_to_rekey(uuid,integer)',
  'app_private.replace_envelopes(text,text,text[],bytea[],bytea[])',
  'app_private.retire_data_keys(interval)',
  'app_private.rewrap_data_key(uuid,bytea,bytea,text)',
  'app_private.tg_ciphertext__key_in_use()'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('growth', 'app_private.data_keys',
   'A clinic''s own list, written by verbs: it grows with the clinic, and not with its appointments.'),
  ('growth', 'app_private.key_rotations', 'A few a year.'),
  ('tenant_rows', 'app_private.data_keys', 'The platform''s own data key.');

insert into tests.lint_exceptions (rule, reason, object)
select 'across_clinics', 'Envelopes of a server are sealed anew there.', unnest(array[
  'app_private.ciphertext_places()',
  'app_private.envelopes_to_reseal(text,text,text,integer)',
  'app_private.open_key_rotation(boolean)',
  'app_private.replace_envelopes(text,text,text[],bytea[],bytea[])',
  'app_private.retire_data_keys(interval)'
]);

insert into tests.declared_keys (table_name, columns, says) values
  ('app_private.data_keys', 'organization_id', 'A clinic, or the platform, seals with one key at a time (FND-11).'),
  ('app_private.data_keys', 'organization_id, version', 'A version is one data key.'),
  ('app_private.key_rotations', '(expression)', 'One rotation at a time.');
