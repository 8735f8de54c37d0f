int answer();

int answer()
{
    return 0;
}
