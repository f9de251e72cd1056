"""Names of people: initials behind the family name, several people in one text, abbreviated lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_site.text.person_names import (
    family_first,
    family_name,
    given_name_first,
    is_abbreviated,
    pair_up,
    split_people,
)

ORDINARY = """
Plato
Madonna
Ng
Li Wu
Yi Wu
E. Wu
Xu, Bo
Wu, E
Bo Xu
Oh, Se-Hun
Nguyễn Văn An
Guðrún Jónsdóttir
Björk
Laurens van der Maaten
van der Maaten, Laurens
de la Cruz, María José
García Márquez, Gabriel José
Ortega y Gasset, José
d'Alembert, Jean
John R. Anderson
J R Smith
J.R.R. Tolkien
W. E. B. Du Bois
Jean-Pierre Serre
J.-P. Serre
Smith Jr.
Smith, Jr.
Sammy Davis, Jr.
Sammy Davis Jr.
King, M. L., Jr.
Martin Luther King Jr.
Anderson III
John Paul II
Henry VIII
George IV
Thurston Howell V
Dr. X
bell hooks
danah boyd
William H. Press
DeepSeek-AI
OpenAI
Meta AI
Mistral AI
Cohere For AI
01.AI
Qwen Team
Kimi Team
Team GLM
Amazon AGI
Princeton NLP
LIGO Scientific Collaboration
The ATLAS Collaboration
R Core Team
Kingston, Jamaica Study Group
Centers for Disease Control and Prevention
Food and Agriculture Organization
Organisation for Economic Co-operation and Development
National Academies of Sciences, Engineering, and Medicine
U.S. Department of Health and Human Services
Institute for Health Metrics and Evaluation
Ministry of Health, Labour and Welfare
Cancer Research UK
Diabetes UK
Johnson & Johnson
Procter & Gamble
Ernst & Young
Simon and Schuster
Holt, Rinehart and Winston
Marks and Spencer
Vitamin D Study Group
Anthropic PBC
A
A B
王伟
王 伟
כהן לוי
Иванов, И. И.
И. И. Иванов
""".strip().splitlines()


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_names_are_one_name_in_a_usual_order(name: str):
    found = family_first(name)
    assert found is None or not found.is_clear
    assert split_people(name) is None
    assert not is_abbreviated(name)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Rasch B", "Rasch, B."),
        ("Rasch BJ", "Rasch, B. J."),
        ("Rasch B.", "Rasch, B."),
        ("Smith J. R.", "Smith, J. R."),
        ("Smith J R", "Smith, J. R."),
        ("Serre J-P", "Serre, J.-P."),
        ("van der Maaten LJ", "van der Maaten, L. J."),
        ("O'Brien K", "O'Brien, K."),
        ("d'Alembert J", "d'Alembert, J."),
        ("Wu E", "Wu, E."),
        ("Müller Ö", "Müller, Ö."),
        ("Doe JR", "Doe, J. R."),
    ],
)
def test_initials_behind_the_family_name_are_recognised(written: str, meant: str):
    found = family_first(written)
    assert found is not None
    assert (str(found), found.is_clear, found.is_certain) == (meant, True, True)


@pytest.mark.parametrize("name", ["Wang X", "Charles V", "Garcia Lopez M"])
def test_initials_that_may_be_something_else_are_not_certain(name: str):
    found = family_first(name)
    assert found is not None
    assert (found.is_clear, found.is_certain) == (True, False)


@pytest.mark.parametrize("name", ["Wei WU", "Smith MA", "Jane Doe MD", "Nestlé SA", "Smith JAB"])
def test_capitals_that_may_be_a_family_name_a_degree_or_a_legal_form_are_not_clear(name: str):
    found = family_first(name)
    assert found is not None
    assert not found.is_clear


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Rasch B, Born J", ("Rasch, B.", "Born, J.")),
        ("Rasch B and Born J", ("Rasch, B.", "Born, J.")),
        ("Plihal, W., Born, J.", ("Plihal, W.", "Born, J.")),
        ("Plihal, W., & Born, J.", ("Plihal, W.", "Born, J.")),
        ("Plihal, W. and Born, J.", ("Plihal, W.", "Born, J.")),
        ("Plihal, W.; Born, J.", ("Plihal, W.", "Born, J.")),
        ("Ada Example and Ben Mock", ("Ada Example", "Ben Mock")),
        ("Ada Example & Ben Mock", ("Ada Example", "Ben Mock")),
        ("Ada Example, Ben Mock and Cy Ng", ("Ada Example", "Ben Mock", "Cy Ng")),
        ("Ada Example, Ben Mock, and Cy Ng", ("Ada Example", "Ben Mock", "Cy Ng")),
        ("Ada Example, Ben Mock, Cy Ng", ("Ada Example", "Ben Mock", "Cy Ng")),
        ("A. Example; B. Mock", ("A. Example", "B. Mock")),
        ("W. Plihal, J. Born", ("W. Plihal", "J. Born")),
        ("Laurens van der Maaten and Geoffrey Hinton", ("Laurens van der Maaten", "Geoffrey Hinton")),
        ("García Márquez, Gabriel; Vargas Llosa, Mario", ("García Márquez, Gabriel", "Vargas Llosa, Mario")),
        ("Rasch; Born", ()),
        ("Plihal, W., Born", ()),
        ("Plihal, W. and Born", ()),
        ("Rasch, Björn, Born, Jan", ()),
        ("王伟、李娜", ()),
        ("Ada Example, PhD and Ben Mock", ()),
    ],
)
def test_several_people_in_one_text_are_separated(text: str, people: tuple[str, ...]):
    assert split_people(text) == people


@pytest.mark.parametrize(
    "text", ["et al.", "et al", "Rasch B et al.", "Rasch, B., et al", "others", "and others", "Rasch & colleagues"]
)
def test_abbreviated_lists_are_recognised(text: str):
    assert is_abbreviated(text)


@pytest.mark.parametrize(
    ("parts", "names"),
    [
        (["Plihal", "W.", "Born", "J."], ("Plihal, W.", "Born, J.")),
        (["van der Maaten", "L.J.P.", "and Hinton", "G"], ("van der Maaten, L.J.P.", "Hinton, G.")),
        (["Plihal", "W.", "Born"], ()),
        (["OpenAI", "Ada Example"], ()),
        (["W.", "Plihal", "J.", "Born"], ()),
        ([], ()),
    ],
)
def test_family_names_and_initials_are_paired_only_if_they_alternate(parts: list[str], names: tuple[str, ...]):
    assert pair_up(parts) == names


@pytest.mark.parametrize(
    ("written", "shown", "family"),
    [
        ("Rasch, B.", "B. Rasch", "Rasch"),
        ("Laurens van der Maaten", "Laurens van der Maaten", "van der Maaten"),
        ("Davis, Sammy", "Sammy Davis", "Davis"),
        ("Sammy Davis, Jr.", "Sammy Davis Jr.", "Davis"),
        ("Smith Jr.", "Smith Jr.", "Smith"),
        ("Plato", "Plato", "Plato"),
        ("E, Weinan", "Weinan E", "E"),
    ],
)
def test_names_are_shown_with_the_given_name_first_and_shortened_to_the_family_name(
    written: str, shown: str, family: str
):
    assert given_name_first(written) == shown
    assert family_name(shown) == family


@given(st.text(st.sampled_from("aB.,;&-' 'ö王1") | st.characters(), max_size=40))
def test_any_text_is_read_without_an_exception(text: str):
    name = " ".join(text.split())
    family_first(name)
    is_abbreviated(name)
    split_people(name)
    pair_up(name.split(","))
    assert family_name(given_name_first(name)) in given_name_first(name)
