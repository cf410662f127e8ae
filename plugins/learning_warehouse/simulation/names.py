"""Made-up words the company is built from: names of people, companies and library courses."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST_NAMES = _words(
    "Ada Alva Amir Anja Anton Aylin Bela Bruno Carla Chiara Dana David Deniz Edda Elif Elin Emil Enno Esra Eva Femi Finn "
    "Frida Gil Greta Hana Hugo Ida Ilka Ines Ivo Jana Jasper Jonas Juna Kaan Karla Kasper Lea Leif Lena Lilo Luis Maja "
    "Malik Mara Mats Mila Mina Nadia Nils Nora Oda Olaf Omar Paula Pia Rafa Rania Rosa Rune Sami Selma Sina Sven Tara Theo "
    "Tilda Timo Uma Vera Viktor Wanda Yara Yusuf Zoe"
)

LAST_NAMES = _words(
    "Abel Adler Albers Amann Bach Bauer Beck Berg Binder Bode Brandt Braun Busch Castro Chen Costa Dahl Demir Diaz Duarte "
    "Ebert Ehlers Engel Falk Ferro Fink Frank Frey Fuchs Gallo Geiger Graf Haas Hahn Hansen Hein Herzog Holm Horn Huber "
    "Ilic Jansen Jensen Kaya Keller Kern Khan Klein Koch Kolb Krantz Kruse Kunz Lang Lehner Lenz Lind Lopes Lorenz Lund "
    "Maas Marin Meier Metz Mohr Moser Nagel Neri Novak Olsen Otto Park Petri Pohl Quast Raab Reis Renz Rossi Roth Sahin "
    "Sand Sauer Schulz Seidel Silva Simon Stahl Stein Sturm Thiel Tran Ulrich Vogel Voss Wagner Weiss Winter Wolff Zander"
)

COMPANY_WORDS = _words(
    "Alder Amber Anchor Arrow Aspen Atlas Aurora Basalt Beacon Birch Blue Bolt Bright Cedar Cinder Clear Cobalt Copper "
    "Coral Crest Delta Dune Eagle Echo Elm Ember Falcon Fern Field Flint Forest Fox Garnet Glacier Gold Granite Harbor "
    "Hazel Heron Hill Indigo Iron Ivy Jade Juniper Lake Lark Linden Lotus Lunar Maple Meadow Mint Moss North Oak Ocean "
    "Olive Onyx Opal Orchid Pearl Pebble Pine Plum Prairie Quartz Quill Raven Reed Ridge River Robin Rowan Ruby Sable Sage "
    "Sand Sierra Silver Sky Slate Solar Sparrow Spruce Stone Summit Swift Tidal Timber Topaz Vale Violet Willow Wren"
)

COMPANY_KINDS = _words("Foods Works Logistics Systems Clinics Energy Media Retail Labs Motors Textiles Bank Travel Schools")

INDUSTRIES = (
    "Manufacturing",
    "Retail",
    "Health care",
    "Logistics",
    "Financial services",
    "Media",
    "Education",
    "Energy",
)

CONTACT_TITLES = (
    "Administrator",
    "Team Manager",
    "Analyst",
    "Operations Lead",
    "Project Manager",
    "Accountant",
)

LIBRARY_TOPICS = (
    "Writing that gets read",
    "Giving feedback",
    "Spreadsheets in depth",
    "Reading a profit and loss account",
    "Interviewing fairly",
    "SQL for everyone",
    "Speaking to a large room",
    "Negotiating calmly",
    "Time and attention",
    "Project planning basics",
    "Facilitating workshops",
    "Data storytelling",
    "Customer interviews",
    "Secure coding habits",
    "Cloud cost basics",
    "Conflict at work",
    "Coaching questions",
    "Remote collaboration",
    "Presentation design",
    "Product discovery",
    "Python first steps",
    "Statistics without fear",
    "Inclusive language",
    "Decision journals",
    "Learning how to learn",
)
