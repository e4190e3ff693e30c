-- Wrapped keys, handed out and rotated through functions. FND-11.

-- A wrapped key opens nothing without KMS, and is the key to everything with it: masked like a secret.
select app_private.classify('app_private.data_keys', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "version", "master_key_id", "status", "created_at", "updated_at"],
    "auth_secret": ["wrapped"]}',
  protected => '{"ciphertext": ["wrapped"]}');
select app_private.protect('app_private.data_keys', engine => 'select, insert, update', guard => true);
