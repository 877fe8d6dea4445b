import { expect, it } from 'vitest';
import { createNationalNumbers } from './national/national-numbers.js';
import { PII_CATEGORIES } from './pii-finders.js';
import { presidioEntityOf } from './presidio-entity.js';

/** The entities of Presidio's list that are found by form or by tagger; those of medicine are not. */
const PRESIDIO =
  'AU_ABN AU_ACN AU_MEDICARE AU_TFN CA_SIN CREDIT_CARD CRYPTO DATE_TIME DE_BSNR DE_FUEHRERSCHEIN DE_HANDELSREGISTER DE_HEALTH_INSURANCE DE_ID_CARD DE_KFZ DE_LANR DE_PASSPORT DE_SOCIAL_SECURITY DE_TAX_ID DE_TAX_NUMBER DE_VAT_ID EMAIL_ADDRESS ES_NIE ES_NIF ES_PASSPORT FI_PERSONAL_IDENTITY_CODE IBAN_CODE IN_AADHAAR IN_GSTIN IN_PAN IN_PASSPORT IN_VEHICLE_REGISTRATION IN_VOTER IP_ADDRESS IT_DRIVER_LICENSE IT_FISCAL_CODE IT_IDENTITY_CARD IT_PASSPORT IT_VAT_CODE KR_BRN KR_DRIVER_LICENSE KR_FRN KR_PASSPORT KR_RRN LOCATION MAC_ADDRESS MEDICAL_LICENSE NG_NIN NG_VEHICLE_REGISTRATION NRP ORGANIZATION PERSON PHONE_NUMBER PH_TIN PL_PESEL SE_ORGANISATIONSNUMMER SE_PERSONNUMMER SG_NRIC_FIN SG_UEN TH_TNIN TR_LICENSE_PLATE TR_NATIONAL_ID UK_DRIVING_LICENCE UK_NHS UK_NINO UK_PASSPORT UK_VEHICLE_REGISTRATION URL US_BANK_NUMBER US_DRIVER_LICENSE US_ITIN US_MBI US_NPI US_PASSPORT US_SSN ZA_ID_NUMBER'.split(
    ' ',
  );

it('every entity of Presidio is the name of a type', () => {
  const plates = ['de-licence-plate', 'gb-licence-plate', 'tr-licence-plate'];
  const known = new Set(
    [...PII_CATEGORIES, ...createNationalNumbers().map(({ id }) => id), ...plates].map(
      presidioEntityOf,
    ),
  );
  expect(PRESIDIO.filter((name) => !known.has(name))).toEqual([]);
});

it('a type that Presidio does not know is written in capitals', () => {
  expect(presidioEntityOf('fr-nir')).toBe('FR_NIR');
});
