const list = (text) => text.trim().split(/\s*[\n;]\s*/);

/** Words of which the probe makes its values; none of them comes from the lists that the tagger learns from. */
export const PROBE_LISTS = {
  given: list(`
Adaeze;Agnieszka;Alasdair;Alejandra;Amelie;Anneliese;Anouk;Aoife;Arvid;Astrid;Bartholomew;Beatriz;Bogdan;Bronwyn;Caoimhe;Casimir
Chiara;Clementine;Cosima;Dagmar;Dariusz;Delphine;Dimitra;Domenico;Edwina;Eero;Ekaterina;Elodie;Emeka;Esperanza;Eustace;Faisal
Fergus;Fiorella;Folasade;Freya;Gaspard;Gemma;Giorgos;Gudrun;Gulnara;Hamza;Harriet;Hedwig;Henrike;Hortense;Ignacio;Ikram;Ilse
Imogen;Ingrid;Iolanthe;Isidora;Jagoda;Jarmila;Joaquim;Jorunn;Kalyani;Kaspar;Katarzyna;Kavita;Kerensa;Kofi;Lachlan;Leopold
Lieselotte;Ludovic;Maarten;Magdalena;Mairead;Manfred;Marisol;Matilda;Mehmet;Mireille;Mohan;Nikhil;Niamh;Odalys;Olumide;Orhan
Osvaldo;Padraig;Penelope;Perpetua;Quentin;Radovan;Rosalind;Rupert;Sanna;Saoirse;Shreya;Siobhan;Sven;Tatiana;Temitope;Theodora
Tobias;Tomasz;Ursula;Valentina;Vasilis;Wilhelmina;Xiulan;Yevgenia;Yusra;Zbigniew;Zsofia;Bill;Kate;Tom;Lucy;Sam;Nina;Grace;Jack
`),
  family: list(`
Abernathy;Achterberg;Adebayo;Aguilera;Albrecht;Almeida;Anastasiou;Ashworth;Bachmann;Balogun;Barlow;Beaumont;Bergstrand;Blackwood
Bielecki;Bouchard;Brankovic;Brzezinski;Cadwallader;Cavendish;Chatterjee;Chukwu;Colquhoun;Contreras;Cunningham;Czajkowski
D'Angelo;Dalgaard;De Luca;Desrosiers;Devereux;Drozdov;Dubois;Eberhardt;Eriksen;Esposito;Fairweather;Falkenberg;Fernandes
Fitzgerald;Fontaine;Galanis;Gallagher;Georgiou;Goldstein;Grzybowski;Gutierrez;Haapala;Hallström;Hargreaves;Heffernan;Hofstetter
Horvath;Huang;Ibarra;Iglesias;Jankowski;Jayawardena;Kallio;Karagiannis;Kaufmann;Kovalenko;Kristiansen;Kuznetsov;Lachapelle
Lindqvist;Livingstone;Llewellyn;Lombardi;MacAllister;Magnusson;Marchetti;Mbatha;McGillicuddy;Menon;Mikkelsen;Montgomery;Morozov
Mukherjee;Nakashima;Novak;O'Shaughnessy;Oduya;Okonkwo;Olufemi;Ortega;Pappas;Pemberton;Petrenko;Popescu;Quiroga;Radcliffe
Rasmussen;Ravindran;Rousseau;Sandoval;Saltzman;Schumacher;Seydoux;Silveira;Skarsgard;Stavros;Steenkamp;Strickland;Szymanski
Takahashi;Thistlethwaite;Trevelyan;Uzun;Vandenberg;Vasquez-Moreno;Villanueva;Vukovic;Wainwright;Weatherby;Wickramasinghe
Wojcik;Yamaguchi;Yildirim;Zabala;Zimmermann;Price;Brown;Carter;Young;Hill;Lane;Stone;May;Banks;Rose;Wood;Cook
`),
  cities: list(`
Aberystwyth;Alicante;Antananarivo;Arequipa;Baton Rouge;Bialystok;Boulder;Brno;Bulawayo;Cairns;Cedar Rapids;Chiang Mai;Cluj-Napoca
Coimbra;Cusco;Debrecen;Dunedin;Eindhoven;Flagstaff;Fort Wayne;Galway;Gdansk;Graz;Grenoble;Guadalajara;Gothenburg;Halifax
Ho Chi Minh City;Innsbruck;Inverness;Ipswich;Izmir;Jönköping;Kaohsiung;Karlsruhe;Kraków;Kyoto;Lausanne;Leeds;Ljubljana;Lubbock
Malmö;Mar del Plata;Mendoza;Nagoya;New Orleans;Nijmegen;Odense;Oulu;Palermo;Perth;Plovdiv;Porto Alegre;Quebec City;Rotterdam
Salt Lake City;San Sebastián;Santa Fe;Split;St. Gallen;Stellenbosch;Swansea;Tampere;Tarragona;Thessaloniki;Toulouse;Trieste
Tucson;Turku;Utrecht;Vilnius;Winnipeg;Wolverhampton;Zaragoza;Zwolle;Baton Rouge;Kingston;Little Rock;Grand Rapids;Rio de Janeiro
`),
  countries: list(`
Botswana;Chile;Croatia;Denmark;Ecuador;Estonia;Ghana;Iceland;Jordan;Kazakhstan;Laos;Malta;Mongolia;Morocco;New Zealand;Norway
Paraguay;Portugal;Slovenia;South Africa;Sri Lanka;Sweden;the United States;Trinidad and Tobago;Uruguay;Vietnam;Germany;France;USA
`),
  regions: list(`
Alberta;Andalusia;Bavaria;California;Catalonia;Cornwall;Idaho;Kentucky;New South Wales;North Carolina;Normandy;Ontario;Oregon
Queensland;Tuscany;Vermont;West Virginia;Yorkshire;MA;TX;OR;NM;WI;CO;MT
`),
  englishStreets: list(`
Abbotsford;Acorn;Ashgrove;Barley Mow;Birchwood;Bluebell;Brookside;Canterbury;Clarence;Coldharbour;Copperfield;Dogwood;Elderberry
Fairfax;Foxglove;Gainsborough;Glenwood;Hawthorn;Hemlock;Juniper;Kensington;Larkspur;Linden;Magnolia;Marlborough;Mulberry;Nightingale
Old Mill;Orchard;Peachtree;Primrose;Quail Hollow;Redwood;Sandpiper;Stonebridge;Sycamore;Thornhill;Tulip;Wellington;Whispering Pines
7th;19th;Martin Luther King;Saint James;E 14th;North Shore;SW Barrington
`),
  streetEndings: list(`
Street;St;St.;Avenue;Ave;Road;Rd;Drive;Lane;Ln;Court;Boulevard;Blvd.;Way;Close;Crescent;Terrace;Place;Circle;Parkway;Point;Grove
Mews;Landing;Crossing;Ridge;Heights;Manor;Run;Bend;Plaza;Knoll;Passage;Springs
`),
  streets: list(`
Schillerstraße;Am Alten Markt;Lindenallee;Münchner Str.;Rue des Tanneurs;Boulevard Gambetta;Avenue Jean Jaurès;Calle de Alcalá
Avenida de América;Carrer de Mallorca;Via Torino;Piazza Cavour;Viale Monza;Rua do Ouro;Avenida Paulista;Prinsengracht;Oude Delft
Stationsweg;Storgata;Vasagatan;Vesterbrogade;Mannerheimintie;ul. Marszałkowska;Długa;Nowy Świat;Andrássy út;Vodičkova;Ilica
Strada Republicii;Ermou;Bağdat Caddesi;Jalan Sudirman;Orchard Road;Nehru Marg;Queens Road East;Grafton Street;Princes Street
`),
  trades: list(`
Plumbing;Cabinetry;Textiles;Dairy;Aerospace;Instruments;Ceramics;Catering;Couriers;Bearings;Timber;Optics;Packaging;Interiors
Surveyors;Chemicals;Nurseries;Turbines;Biotech;Analytics;Diagnostics;Petroleum;Fisheries;Publishers;Roofing;Elevators;Seeds
`),
  coined: list(`
Altavora;Brixtera;Calyxen;Drovia;Emberlyte;Fintara;Glowpath;Helixor;Inquora;Jotunn;Kestrelis;Lumovant;Mirabyte;Northwynd;Oxbrook
Pellucid;Quillmark;Rivetta;Solvanta;Tarnwood;Umbrix;Velkora;Wrenfield;Xandria;Yarrowtech;Zephyrine
`),
  known: list(`
Patagonia;Lego;Maersk;Heineken;Carrefour;Tesco;Lidl;Aldi;Nokian Tyres;Ericsson;Equinor;Novo Nordisk;Fiat;Peugeot;Garmin;Dropbox
Etsy;Shopify;Kellogg's;Campbell Soup;Caterpillar;John Deere;Lockheed Martin;Raytheon;Southwest Airlines;JetBlue;Iberia;SAS
Standard Chartered;Monzo;Revolut;Klarna;Stripe;Interpol;UNESCO;the World Trade Organization;Oxfam;Doctors Without Borders
Georgetown University;McGill University;Trinity College Dublin;Tulane University;Charité;Guy's Hospital;Celtic FC;Ajax;Seattle Seahawks
`),
  legal: list(
    'Inc.;Inc;LLC;Ltd;Ltd.;PLC;GmbH;AG;S.A.;S.p.A.;SAS;B.V.;Oy;AB;A/S;Corp.;Pty Ltd;Sp. z o.o.;and Sons;& Co.;Group;Holdings',
  ),
  groups: list(`
Argentinian;Bulgarian;Cambodian;Danish;Estonian;Finnish;Ghanaian;Icelandic;Jordanian;Kenyan;Latvian;Mongolian;Norwegian;Omani
Portuguese;Romanian;Scottish;Turkish;Ukrainian;Welsh;Jewish;Lutheran;Muslim;Hindu;Republican;Spanish;French;American;Japanese
`),
  jobs: list(`
carpenter;tax adviser;marine biologist;bus driver;midwife;paralegal;sound engineer;shop steward;radiologist;claims handler;baker
`),
};
