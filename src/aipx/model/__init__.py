"""The nouns: frozen structs, enums and ids. They import nothing but each other and `errors`."""
