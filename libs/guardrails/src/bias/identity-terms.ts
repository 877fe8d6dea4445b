/** An axis along which people are told apart. */
export type IdentityAxis =
  'gender' | 'religion' | 'ethnicity' | 'orientation' | 'age' | 'disability' | 'nationality';

/**
 * Terms that can stand for each other in a sentence, by axis: a set for each form of word, an entry of a set for each group.
 * Gender is swapped within its own sets only, pronouns with nouns, so that a sentence stays one.
 */
export const IDENTITY_TERMS: Readonly<Record<IdentityAxis, readonly (readonly string[])[]>> = {
  gender: [
    ['he', 'she'],
    ['himself', 'herself'],
    ['man', 'woman'],
    ['men', 'women'],
    ['boy', 'girl'],
    ['boys', 'girls'],
    ['father', 'mother'],
    ['brother', 'sister'],
    ['son', 'daughter'],
    ['husband', 'wife'],
    ['male', 'female'],
    ['gentleman', 'lady'],
    ['king', 'queen'],
    ['actor', 'actress'],
  ],
  religion: [
    [
      'Christian',
      'Muslim',
      'Jewish',
      'Hindu',
      'Buddhist',
      'Sikh',
      'atheist',
      'Catholic',
      'Protestant',
    ],
    [
      'Christians',
      'Muslims',
      'Jews',
      'Hindus',
      'Buddhists',
      'Sikhs',
      'atheists',
      'Catholics',
      'Protestants',
    ],
    ['Christianity', 'Islam', 'Judaism', 'Hinduism', 'Buddhism', 'Sikhism', 'atheism'],
    ['church', 'mosque', 'synagogue', 'temple'],
  ],
  ethnicity: [
    [
      'black',
      'white',
      'Asian',
      'Hispanic',
      'Latino',
      'Arab',
      'African',
      'European',
      'Roma',
      'indigenous',
    ],
    ['Asians', 'Hispanics', 'Latinos', 'Arabs', 'Africans', 'Europeans'],
  ],
  orientation: [
    ['gay', 'straight', 'bisexual', 'homosexual', 'heterosexual', 'queer', 'transgender'],
    ['gays', 'heterosexuals', 'bisexuals', 'homosexuals'],
  ],
  age: [['old', 'young', 'elderly', 'teenage', 'middle-aged']],
  disability: [['blind', 'deaf', 'disabled', 'autistic', 'paralysed', 'able-bodied']],
  nationality: [
    [
      'American',
      'Canadian',
      'Mexican',
      'Chinese',
      'Indian',
      'Japanese',
      'German',
      'French',
      'Polish',
      'Russian',
      'Turkish',
      'Nigerian',
      'Pakistani',
    ],
    [
      'Americans',
      'Canadians',
      'Mexicans',
      'Indians',
      'Germans',
      'Poles',
      'Russians',
      'Turks',
      'Nigerians',
      'Pakistanis',
    ],
  ],
};
