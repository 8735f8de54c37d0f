// Built without any of the flags that hardening.cmake looks for.
int answer();

int main()
{
    return answer();
}
