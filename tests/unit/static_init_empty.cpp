// Deliberately nothing: static_init.sh compares the libraries with what this one has.
