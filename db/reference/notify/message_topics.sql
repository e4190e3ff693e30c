-- What people may choose to hear about. FND-15.

select app_private.own_rows('app_public.message_topics', rows => '
  key          | kind          | name                               | name_ro
  -------------+---------------+------------------------------------+-------------------------------------------
  appointments | transactional | Appointments and booking requests  | Programări și cereri de programare
  care         | transactional | Advice and questions about my care | Sfaturi și întrebări despre îngrijirea mea
  clinic       | transactional | Work at the clinic                 | Activitatea clinicii
  documents    | transactional | Reports and recommendations        | Rapoarte și recomandări
  forms        | transactional | Forms to fill in and sign          | Formulare de completat și semnat
  news         | marketing     | News and offers                    | Noutăți și oferte
  own_visits   | transactional | My appointments as a specialist    | Programările mele ca specialist
  terms        | transactional | Terms and privacy notices          | Termeni și note de informare
');
