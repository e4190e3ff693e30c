-- What a column may hold, by what it would tell whom. FND-12.
-- is_masked: the audit shows that it changed, not the value. is_encrypted: stored as a digest or ciphertext only.

select app_private.own_rows('app_private.data_classes', rows => '
  name          | is_personal | is_masked | is_encrypted | description
  --------------+-------------+-----------+--------------+-------------------------------------------------------------
  operational   | false       | false     | false        | How the clinic and the platform run; says nothing about a person.
  public        | false       | false     | false        | Anybody may know it: names of services, codes, zones.
  phi           | true        | false     | false        | About somebody''s health or treatment, an appointment included.
  pii_basic     | true        | false     | false        | Tells who somebody is or how to reach them: names, addresses, telephone numbers.
  auth_secret   | false       | true      | true         | Opens a door: keys, tokens and their digests.
  pii_regulated | true        | true      | true         | Identifiers that the law protects by themselves: personal and tax numbers.
');
