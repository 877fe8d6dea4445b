const list = (text) => text.trim().split(/\s*[\n;]\s*/);

/** Demonyms, faiths, peoples and political leanings: what makes the type `nationality`. */
export const GROUPS = list(`
American;British;English;Scottish;Welsh;Irish;French;German;Italian;Spanish;Portuguese;Dutch;Belgian;Swiss;Austrian;Swedish
Norwegian;Danish;Finnish;Icelandic;Polish;Czech;Slovak;Hungarian;Romanian;Bulgarian;Greek;Turkish;Russian;Ukrainian
Belarusian;Estonian;Latvian;Lithuanian;Serbian;Croatian;Bosnian;Slovenian;Albanian;Macedonian;Maltese;Cypriot;Georgian
Armenian;Azerbaijani;Kazakh;Uzbek;Chinese;Japanese;Korean;South Korean;North Korean;Vietnamese;Thai;Malaysian;Indonesian
Filipino;Singaporean;Indian;Pakistani;Bangladeshi;Sri Lankan;Nepali;Afghan;Iranian;Persian;Iraqi;Syrian;Lebanese;Israeli
Jordanian;Saudi;Emirati;Kuwaiti;Qatari;Yemeni;Egyptian;Libyan;Tunisian;Algerian;Moroccan;Sudanese;Ethiopian;Kenyan
Ugandan;Tanzanian;Rwandan;Nigerian;Ghanaian;Senegalese;Cameroonian;Congolese;Angolan;Zambian;Zimbabwean;South African
Namibian;Somali;Mexican;Guatemalan;Honduran;Salvadoran;Nicaraguan;Costa Rican;Panamanian;Cuban;Dominican;Haitian;Jamaican
Puerto Rican;Colombian;Venezuelan;Ecuadorian;Peruvian;Bolivian;Chilean;Argentine;Argentinian;Uruguayan;Paraguayan
Brazilian;Canadian;Australian;New Zealander;Fijian;Samoan;Catholic;Protestant;Orthodox;Muslim;Sunni;Shia;Jewish;Christian
Hindu;Buddhist;Sikh;Mormon;Baptist;Methodist;Lutheran;Anglican;Republican;Democrat;Socialist;Communist;Conservative
Kurdish;Basque;Catalan;Roma;Arab;African-American;Latino;Hispanic;Asian;European;African;Cherokee;Navajo;Maori;Tibetan
Bahraini;Omani;Cambodian;Laotian;Burmese;Mongolian;Bhutanese;Maldivian;Kyrgyz;Tajik;Turkmen;Palestinian;Moldovan;Montenegrin
Luxembourgish;Monegasque;Andorran;Liechtensteiner;Kosovar;Mauritanian;Malian;Nigerien;Chadian;Eritrean;Djiboutian;Burundian
Malawian;Mozambican;Malagasy;Mauritian;Seychellois;Botswanan;Basotho;Swazi;Gabonese;Togolese;Beninese;Burkinabe;Ivorian;Liberian
Sierra Leonean;Gambian;Guinean;Cape Verdean;Belizean;Guyanese;Surinamese;Barbadian;Trinidadian;Bahamian;Grenadian;Bermudian
Papuan;Tongan;Tahitian;Hawaiian;Greenlandic;Faroese;Flemish;Walloon;Breton;Corsican;Sicilian;Galician;Zulu;Xhosa;Yoruba;Igbo;Hausa
Swahili;Tamil;Punjabi;Bengali;Gujarati;Malay;Hebrew;Farsi;Mandarin;Cantonese;Taoist;Shinto;Zoroastrian;Atheist;Quaker;Pentecostal
Evangelical;Presbyterian;Calvinist;Amish;Liberal;Labour;Tory;Green;Libertarian;Marxist;Caucasian;Native American;Pacific Islander
Uyghur;Bavarian;Texan;Californian;Parisian;Londoner;Scandinavian;Balkan;Slavic;Celtic;Inuit
`);

/** Names by which well-known organisations go. */
export const KNOWN_ORGANISATIONS = list(`
Google;Microsoft;Apple;Amazon;Facebook;Netflix;Tesla;IBM;Intel;Oracle;Cisco;Dell;HP;Sony;Samsung;LG;Nokia;Siemens;Bosch
BMW;Volkswagen;Toyota;Honda;Nissan;Ford;General Motors;Chrysler;Boeing;Airbus;Lufthansa;Delta Air Lines;United Airlines
American Airlines;British Airways;Air France;KLM;Ryanair;easyJet;Qantas;Emirates;Walmart;Target;Costco;Home Depot;Best Buy
Macy's;McDonald's;Starbucks;Burger King;Subway;KFC;Pizza Hut;Domino's;Coca-Cola;PepsiCo;Nestlé;Unilever;Procter & Gamble
Johnson & Johnson;Pfizer;Merck;Bayer;Novartis;Roche;AstraZeneca;GlaxoSmithKline;Moderna;CVS;Walgreens;JPMorgan Chase
Bank of America;Wells Fargo;Citibank;Goldman Sachs;Morgan Stanley;HSBC;Barclays;Lloyds;Santander;BNP Paribas;Deutsche Bank
UBS;Credit Suisse;ING;American Express;Visa;Mastercard;PayPal;Western Union;Uber;Lyft;Airbnb;Twitter;LinkedIn;Reddit;Spotify
Adobe;Salesforce;SAP;Accenture;Deloitte;KPMG;PwC;Ernst & Young;McKinsey;FedEx;UPS;DHL;USPS;Royal Mail;Verizon;AT&T;T-Mobile
Vodafone;Comcast;BBC;CNN;Fox News;The New York Times;The Guardian;Reuters;Associated Press;Bloomberg;Al Jazeera;NASA;FBI
CIA;NSA;IRS;NATO;United Nations;European Union;World Bank;IMF;WHO;UNICEF;Red Cross;Greenpeace;Amnesty International;NHS
Harvard University;Yale;Stanford University;MIT;Princeton;Columbia University;University of Oxford;Cambridge University
Imperial College London;ETH Zurich;Sorbonne;University of Tokyo;Tsinghua University;UCLA;Real Madrid;FC Barcelona;Manchester United
Liverpool FC;Arsenal;Chelsea;Bayern Munich;Juventus;New York Yankees;Los Angeles Lakers;Chicago Bulls;Dallas Cowboys
Boston Celtics;Exxon Mobil;Shell;BP;Chevron;TotalEnergies;Gazprom;Petrobras;IKEA;H&M;Zara;Nike;Adidas;Puma;Gucci;Prada;L'Oréal
Disney;Warner Bros;Universal Music;Paramount;Nintendo;Electronic Arts;Huawei;Alibaba;Tencent;Xiaomi;Lenovo;Toshiba;Hitachi
Panasonic;Canon;Mitsubishi;Hyundai;Kia;Tata Motors;Infosys;Wipro;Reliance Industries;Marriott;Hilton;Hyatt;Geico;Allianz;AXA
Aetna;Blue Cross;Kaiser Permanente;Mayo Clinic;Cleveland Clinic;Democratic Party;Labour Party;Supreme Court;State Department
`);

export const COMPANY_WORDS = list(`
Blue;Green;Silver;Golden;Red;First;National;Global;United;Pacific;Atlantic;Northern;Southern;Western;Eastern;Summit;Harbor
Pioneer;Liberty;Eagle;Phoenix;Quantum;Vertex;Apex;Nova;Stellar;Horizon;Cascade;Evergreen;Granite;Crystal;Beacon;Keystone
Sterling;Heritage;Frontier;Metro;Capital;Royal;Imperial;Alpha;Delta;Omega;Zenith;Orion;Lunar;Solar;Urban;Coastal;Mountain
River;Valley;Lake;Forest;Stone;Iron;Diamond;Maple;Oak;Cedar;Willow;Prime;Elite;Rapid;Bright;Clear;True;Smart;Next;Open
`);

export const COMPANY_NOUNS = list(`
Systems;Solutions;Technologies;Software;Labs;Networks;Consulting;Partners;Holdings;Group;Industries;Logistics;Foods;Energy
Motors;Airlines;Bank;Insurance;Capital;Ventures;Media;Studios;Pharma;Pharmaceuticals;Health;Care;Clinic;Hospital;Dental
Realty;Properties;Construction;Builders;Design;Architects;Electronics;Robotics;Telecom;Communications;Financial;Trust
Credit Union;Savings Bank;Investments;Securities;Trading;Imports;Exports;Shipping;Freight;Travel;Hotels;Resorts;Restaurants
Bakery;Coffee;Brewing;Wines;Farms;Markets;Stores;Outfitters;Apparel;Sports;Fitness;Games;Toys;Books;Press;Publishing;Records
Foundation;Institute;Academy;College;University;High School;Elementary School;Church;Museum;Library;Association;Council
`);

/** What firms named after people do. */
export const COMPANY_TRADES = list(`
Accountants;Advertising;Agency;Aluminium;Antiques;Appliances;Aviation;Beverages;Boats;Brothers;Carpets;Cars;Cement;Cleaners;Clothing
Cosmetics;Dentistry;Distillery;Driving School;Electrical;Engineering;Events;Eyewear;Fabrics;Films;Flooring;Florists;Footwear
Furniture;Garage;Glass;Haulage;Hardware;Heating;Jewellers;Kitchens;Landscaping;Laundry;Law;Leather;Lighting;Lumber;Machinery
Marine;Materials;Meats;Metals;Mining;Office Supplies;Oil;Opticians;Paints;Paper;Pharmacy;Photography;Plastics;Power;Printing
Pumps;Rail;Recruitment;Rentals;Sails;Security;Steel;Tailors;Taxis;Tiles;Tools;Tours;Transport;Tyres;Upholstery;Vets;Wholesale
`);

/** Names that firms make up are put together of these. */
export const COINED_BEGINNINGS =
  'Zen Vox Lum Kro Tel Nex Dyn Ora Quo Syn Ver Alt Byt Cog Aero Agil Astr Bel Cirr Clar Core Cryp Dat Del Eco Ever Fer Flex Gal Gen Gran Heli Hyp Ign Jun Kal Lev Lin Mar Med Mer Mon Nim Nov Oct Omn Pan Pix Pol Prox Rad Res Sal Sen Ser Sky Sol Spir Stra Tal Ter Tor Tri Ult Vel Vir Viv Wav Xen Yel Zep'.split(
    ' ',
  );
export const COINED_ENDINGS =
  'tra ify ly ium ora tech soft ware base zon ado ics ent ova bank bit byte cast cell dex edge field flow force gen grid hub ix labs lane line link logic max mind mark net nix nova path pay plex point pulse quest rise scape sense shift source span spark sphere stack star sys tek tera tica tix ton va vance via via vista wave wise wood works yx'.split(
    ' ',
  );

export const LEGAL_FORMS = list(`
Inc;Inc.;Incorporated;LLC;L.L.C.;Ltd;Ltd.;Limited;Corp;Corp.;Corporation;Co.;Company;PLC;plc;LLP;GmbH;AG;KG;e.V.;S.A.;SA;SARL;SAS
S.r.l.;S.p.A.;SL;B.V.;NV;AB;ApS;A/S;AS;Oy;Pty Ltd;Pvt. Ltd.;Sp. z o.o.;s.r.o.;Kft.;Lda;Ltda;K.K.;and Sons;& Co;Group
`);

/** Sentences without personal data, as filling and as counter-examples. */
export const PLAIN = list(`
Thank you for your patience while we look into this
The printer on the second floor is out of paper again
Please restart the application after installing the update
What is the best way to learn a new language
I have tried turning it off and on again but nothing changed
Our return policy allows refunds within thirty days
Machine Learning models need a lot of data
The Quick Start Guide explains how to set up the device
Write a poem about autumn leaves and the sea
Chapter Three: The Long Road Home
How To Make Perfect Pancakes Every Time
The New Features In This Release Are Listed Below
My dog ate the homework and then the sofa
Can you explain the difference between a list and a tuple
Price: 12 USD per unit, minimum order 5 units
The total comes to 45 dollars and 20 cents
Version 3.2.1 fixes several bugs in the parser
Error 404: Page Not Found
Turn the oven to 180 degrees and bake for 25 minutes
The Board Of Directors approved the annual report
I can't log in, it says my password is wrong
Open Settings, choose Privacy and switch off Location Services
The Internet is slow today and the Wi-Fi keeps dropping
Is it safe to take two tablets a day
This Product Is Not Suitable For Children Under 3
Please see Table 4 and Figure 2 for the results
The red button starts the engine, the green one stops it
We look forward to hearing from you soon
Mathematics, Physics and Chemistry are required subjects
Java, Python and Rust are programming languages
Windows and Linux are both supported
The Great Gatsby is on my reading list
You have 3 new messages and 12 notifications
Good luck with the exam and let me know how it went
Terms And Conditions apply. See the website for details
Happy New Year and Merry Christmas to all of you
The sun rises in the east and sets in the west
Delivery takes 3 to 5 working days
Room temperature should be kept between 18 and 21 degrees
Add salt, pepper and a pinch of sugar
Question: which of these options is correct
Summary: the project is on time and under budget
Step 1: remove the cover. Step 2: replace the battery
The meeting was long, boring and useless
She smiled, closed the book and left the room
He ran as fast as he could but missed the bus
A bird in the hand is worth two in the bush
Never share your password with anyone
Username and password are required fields
Monday is a holiday so the shop will be closed
`);

/** Words that say of what kind their neighbours are. */
export const KIND_WORDS = {
  titles: list(`
Mr;Mrs;Ms;Miss;Mx;Dr;Prof;Professor;Doctor;Sir;Madam;Madame;Dame;Lord;Lady;Rev;Reverend;Hon;Herr;Frau;Señor;Señora;Sr;Sra;Don
Doña;Monsieur;Mme;Mlle;Maître;Signor;Signora;Dott;Ing;Mag;Dipl;Bay;Bayan;Pan;Pani;Shri;Smt;Kumari;Sheikh;Capt;Lt;Sgt;Col;Gen;Maj
`),
  streets: list(`
Street;St;Avenue;Ave;Road;Rd;Drive;Dr;Lane;Ln;Boulevard;Blvd;Court;Ct;Place;Pl;Way;Terrace;Circle;Parkway;Pkwy;Highway;Hwy;Trail
Square;Loop;Alley;Crescent;Close;Gardens;Row;Hill;Walk;Suite;Ste;Apt;Apartment;Unit;Floor;Flat;Bldg;Box;Expressway;Freeway;Turnpike
Mews;Grove;Rise;Quay;Straße;Strasse;Str;Weg;Platz;Allee;Gasse;Rue;Quai;Impasse;Chemin;Place;Cours;Faubourg;Calle;Avenida;Av;Avda
Plaza;Paseo;Camino;Carrera;Carretera;Via;Viale;Piazza;Corso;Largo;Vicolo;Rua;Travessa;Praça;Alameda;Rodovia;Estrada;Laan;Straat
Plein;Gracht;Kade;Ul;Ulica;Aleja;Os;Gatan;Vägen;Gade;Vej;Gata;Veien;Katu;Tie;Caddesi;Cad;Sokak;Bulvarı;Mahallesi;Marg;Nagar;Sector
Block;Plot;Postfach;Jalan;Jl;Soi;Utca;út;Tér;Strada;Bulevardul;Улица;Проспект;ул;вул;Οδός;Ulitsa;Vulytsia;Namesti;Náměstí;Třída
`),
  companies: list(`
Inc;LLC;Ltd;Limited;Corp;Corporation;Incorporated;PLC;LLP;GmbH;AG;KG;SARL;SAS;BV;NV;Oy;AB;ApS;Pty;Pvt;Kft;Lda;Ltda;Bank;Group
University;College;School;Institute;Hospital;Clinic;Church;Museum;Ministry;Department;Agency;Commission;Council;Committee;Authority
Association;Society;Federation;Union;League;Club;Party;Foundation;Trust;Company;Airlines;Airways;Motors;Records;Press;Times;Post
Herald;News;Television;Radio;Orchestra;Police;Army;Navy;FC;United;Rovers;City;Universität;Université;Universidad;Università
Krankenhaus;Hôpital;Hospital;Stiftung;Verein;Banca;Banco;Banque
`),
  calendar: list(`
January;February;March;April;May;June;July;August;September;October;November;December;Jan;Feb;Mar;Apr;Jun;Jul;Aug;Sep;Sept;Oct;Nov;Dec
Monday;Tuesday;Wednesday;Thursday;Friday;Saturday;Sunday;Mon;Tue;Wed;Thu;Fri;Sat;Sun
`),
  roles: list(`
President;Minister;King;Queen;Prince;Princess;Pope;Chancellor;Senator;Judge;Justice;Governor;Mayor;Captain;General;Colonel;Major
Sergeant;Officer;Detective;Inspector;Coach;Sister;Brother;Father;Mother;Uncle;Aunt;Cousin;Son;Daughter;Wife;Husband;Friend;Neighbour
Boss;Colleague;Manager;Director;Chairman;CEO;CFO;CTO;Actor;Actress;Singer;Author;Writer;Artist;Player;Teacher;Lawyer;Engineer;Nurse
Student;Patient;Customer;Client;Agent;Employee;Contractor;Tenant;Landlord;Plaintiff;Defendant;Applicant;Passenger;Driver;Baby;Kid
`),
};

/** Names of these are written in Latin letters by English texts. */
export const ROMANISED = {
  given:
    'Wei Xin Yong Jing Li Ming Hui Yan Hao Ling Hiroshi Yuki Haruto Sakura Kenji Aiko Takumi Emi Jun Minho Jisoo Hyun Seojun Mohammed Ahmed Ali Omar Yusuf Fatima Aisha Layla Hassan Ibrahim Khalid Noor Zainab Rania Priya Arjun Rahul Ananya Vikram Deepa Sanjay Lakshmi Tariq Imran Nguyen Linh Thanh Anh Somchai Siti Kwame Chinedu Amara Ngozi Thabo'.split(
      ' ',
    ),
  family:
    'Wang Li Zhang Liu Chen Yang Zhao Huang Zhou Wu Xu Sun Tanaka Suzuki Sato Watanabe Yamamoto Nakamura Kim Lee Park Choi Jung Kang Al-Sayed Hussein Mansour Haddad Khoury Abdullah Rahman El-Amin Farouk Sharma Patel Gupta Singh Kumar Reddy Iyer Khan Ahmed Nguyen Tran Pham Le Santos Reyes Okafor Adeyemi Mensah Diallo Nkosi Mbeki'.split(
      ' ',
    ),
};
