// What each script offers to the others, by its name.
const portail = {};
